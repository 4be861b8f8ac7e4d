package dev.switchboard.forwarding;

import java.net.InetSocketAddress;
import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the requests between nodes.
 *
 * @param port the port at which other nodes reach this node; 0 for any free port
 * @param address the interface on which the port listens; all interfaces if unset
 * @param secret the secret that all nodes share, of 32 characters or more; without it,
 * nodes serve every requester
 * @param connectTimeout the longest time for making a connection and receiving the other
 * node's first frame on it
 * @param silence the time after which a node counts as lost if it sends nothing while
 * requests wait for it
 * @param maxWaiting the most requests that may wait on one connection to another node
 */
@Validated
@ConfigurationProperties("switchboard.forwarding")
record ForwardingSettings(@DefaultValue("8070") @Min(0) @Max(65535) int port, @Nullable String address,
		@Nullable @Size(min = 32, max = 1024) String secret,
		@DefaultValue("1s") @DurationMin(millis = 10) @DurationMax(minutes = 1) Duration connectTimeout,
		@DefaultValue("1800ms") @DurationMin(millis = 300) @DurationMax(minutes = 1) Duration silence,
		@DefaultValue("10000") @Min(1) @Max(1_000_000) int maxWaiting) {

	/** Returns the address on which the port listens. */
	InetSocketAddress bindAddress() {
		return (this.address != null) ? new InetSocketAddress(this.address, this.port)
				: new InetSocketAddress(this.port);
	}

	@Override
	public String toString() {
		return "ForwardingSettings[port=" + this.port + ", address=" + this.address + "]";
	}

}
