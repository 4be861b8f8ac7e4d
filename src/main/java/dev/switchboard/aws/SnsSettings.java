package dev.switchboard.aws;

import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The topic of SNS to which the event log is relayed.
 *
 * @param topic the ARN or the name of the topic; if unset, there is no such relay
 */
@Validated
@ConfigurationProperties("switchboard.events.sns")
record SnsSettings(@Nullable @Pattern(regexp = NAME + "|" + ArnParts.SNS + NAME,
		message = "must be the ARN or the name of a topic") String topic) {

	private static final String NAME = "[A-Za-z0-9_-]{1,256}(\\.fifo)?";

}
