package dev.switchboard.aws;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the instance metadata service (IMDSv2).
 *
 * @param endpoint where the service is
 * @param addresses which addresses of the instance go into DNS; if unset, those of
 * {@code switchboard.dns.addresses}
 * @param zone whether the node's zone is the availability zone of the instance
 */
@Validated
@ConfigurationProperties("switchboard.aws.metadata")
record MetadataSettings(@DefaultValue("http://169.254.169.254") URI endpoint, @Nullable Addresses addresses,
		@DefaultValue("false") boolean zone) {

	/** Which addresses of an instance go into DNS. */
	enum Addresses {

		/** The public IPv4 address, and the IPv6 address if there is one. */
		PUBLIC("public-ipv4"),
		/** The private IPv4 address. */
		PRIVATE("local-ipv4");

		private final String path;

		Addresses(String path) {
			this.path = path;
		}

		/** Returns the path of the IPv4 address in the metadata. */
		String path() {
			return this.path;
		}

	}

}
