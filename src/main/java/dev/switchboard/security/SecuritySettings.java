package dev.switchboard.security;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the node is protected.
 *
 * @param mode whether credentials are asked for
 */
@ConfigurationProperties(SecuritySettings.PREFIX)
public record SecuritySettings(@DefaultValue("dev") Mode mode) {

	public static final String PREFIX = "switchboard.security";

	/** Whether credentials are asked for. */
	public enum Mode {

		/** None are, and every listener is on loopback. */
		DEV,
		/** A JSON Web Token is (RFC 7519). */
		JWT

	}

}
