package dev.switchboard.aws;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.model.HealthCheckType;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the hosted zone of Route 53 that has the pool.
 *
 * @param zone the id of the hosted zone; if unset, Route 53 is not used
 * @param weight the weight of each node's record; if unset, the records are multivalue
 * answers
 * @param healthCheckPort the port at which Route 53 checks each node's health; if unset,
 * there are no health checks
 * @param healthCheckType how Route 53 checks each node's health
 */
@Validated
@ConfigurationProperties("switchboard.aws.route53")
record Route53Settings(@Nullable @Pattern(regexp = "[A-Z0-9]{1,32}") String zone,
		@Nullable @Min(0) @Max(255) Long weight, @Nullable @Min(1) @Max(65535) Integer healthCheckPort,
		@DefaultValue("HTTP") CheckType healthCheckType) {

	/** How Route 53 checks the health of a node. */
	enum CheckType {

		/** Route 53 asks for {@code /healthz}. */
		HTTP,
		/** Route 53 asks for {@code /healthz} by TLS. */
		HTTPS,
		/** Route 53 only connects. */
		TCP;

		HealthCheckType sdk() {
			return HealthCheckType.fromValue(name());
		}

	}

}
