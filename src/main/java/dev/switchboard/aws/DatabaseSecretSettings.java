package dev.switchboard.aws;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where the credentials of the database are: in a secret or in a parameter. Either
 * contains a JSON object with the members {@code username} and {@code password}, as RDS
 * writes them.
 *
 * @param secret the name or ARN of a secret in Secrets Manager
 * @param parameter the name or ARN of a parameter in the Parameter Store
 */
@Validated
@ConfigurationProperties("switchboard.aws.database")
record DatabaseSecretSettings(@Nullable String secret, @Nullable String parameter) {
}
