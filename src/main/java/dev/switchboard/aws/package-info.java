/**
 * The node on AWS. Each part is off until a setting turns it on. The room has more than
 * 20 files, because each service of AWS has its settings and its requests: Route 53, Auto
 * Scaling, CloudWatch, the instance metadata, the stores of secrets, SQS and SNS.
 */
@NullMarked
package dev.switchboard.aws;

import org.jspecify.annotations.NullMarked;
