package dev.switchboard.aws;

import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The queue of SQS to which the event log is relayed.
 *
 * @param queue the name, the URL or the ARN of the queue; if unset, there is no such
 * relay
 */
@Validated
@ConfigurationProperties("switchboard.events.sqs")
record SqsSettings(@Nullable @Pattern(regexp = NAME + "|" + ArnParts.SQS + NAME + "|https?://\\S+",
		message = "must be the name, the URL or the ARN of a queue") String queue) {

	private static final String NAME = "[A-Za-z0-9_-]{1,80}(\\.fifo)?";

}
