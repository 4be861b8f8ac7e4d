package dev.switchboard.handshake;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many failed handshakes a source may have. A source is a network.
 *
 * @param failureRate the number of failures in a second that a source may have all the
 * time
 * @param failureBurst the number of failures that a source may have at once
 * @param ipv4Prefix the bits of an IPv4 address that are its network
 * @param ipv6Prefix the bits of an IPv6 address that are its network
 */
@Validated
@ConfigurationProperties("switchboard.agent.source")
record SourceSettings(@DefaultValue("100") @Positive int failureRate, @DefaultValue("1000") @Positive int failureBurst,
		@DefaultValue("24") @Min(8) @Max(32) int ipv4Prefix, @DefaultValue("56") @Min(16) @Max(64) int ipv6Prefix) {
}
