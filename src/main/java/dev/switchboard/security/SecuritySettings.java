package dev.switchboard.security;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the node's protection.
 *
 * @param mode whether agents, callers and other nodes must show credentials
 * @param tenantClaim the name of the claim in which a token has its tenant
 * @param maxTokenLife how far the end of a token may be ahead
 */
@Validated
@ConfigurationProperties(SecuritySettings.PREFIX)
public record SecuritySettings(@DefaultValue("dev") Mode mode, @DefaultValue("tenant") String tenantClaim,
		@DefaultValue("24h") @DurationMin(seconds = 1) Duration maxTokenLife) {

	public static final String PREFIX = "switchboard.security";

	/** Whether credentials are needed. */
	public enum Mode {

		/** No credentials are needed, and every listener is on loopback. */
		DEV,
		/**
		 * Agents and callers show a JSON Web Token (RFC 7519), and nodes that share a
		 * directory show each other a secret.
		 */
		JWT

	}

}
