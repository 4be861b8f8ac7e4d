package dev.switchboard.security;

import java.time.Duration;

import org.hibernate.validator.constraints.time.DurationMax;
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
 * @param keySetRefresh the mean of the time between two readings of the issuer's keys
 * @param maxKeySetAge how old the issuer's keys may get while they cannot be read; when
 * they are older, no token can be checked
 */
@Validated
@ConfigurationProperties(SecuritySettings.PREFIX)
public record SecuritySettings(@DefaultValue("dev") Mode mode, @DefaultValue("tenant") String tenantClaim,
		@DefaultValue("24h") @DurationMin(seconds = 1) Duration maxTokenLife,
		@DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration keySetRefresh,
		@DefaultValue("24h") @DurationMin(seconds = 1) Duration maxKeySetAge) {

	public static final String PREFIX = "switchboard.security";

	/**
	 * @throws IllegalArgumentException if the keys of an issuer that answers can get too
	 * old
	 */
	public SecuritySettings {
		if (maxKeySetAge.compareTo(keySetRefresh.multipliedBy(2)) < 0) {
			throw new IllegalArgumentException("max-key-set-age (" + maxKeySetAge.toSeconds()
					+ " s) must be at least twice key-set-refresh (" + keySetRefresh.toSeconds() + " s)");
		}
	}

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
