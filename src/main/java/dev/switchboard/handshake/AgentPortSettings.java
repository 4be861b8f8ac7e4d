package dev.switchboard.handshake;

import java.time.Duration;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Positive;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The agent port and the handshakes on it.
 *
 * @param port the port at which agents connect; 0 for any free port
 * @param address the interface to listen on; all interfaces when unset
 * @param handshakeRate the number of handshakes that this node accepts in a second
 * @param tenantHandshakeRate the number of handshakes that this node accepts in a second
 * from one tenant; {@code handshakeRate} when unset
 * @param placement which node gets an agent that connects here while a different node
 * still holds it
 * @param handshakeTimeout how long a handshake may take
 * @param publicUrl the URL at which agents reach this node directly; <code>{name}</code>
 * in it stands for the node's own name in DNS ({@code switchboard.dns.pool})
 */
@Validated
@ConfigurationProperties("switchboard.agent")
public record AgentPortSettings(@DefaultValue("8090") @Min(0) @Max(65535) int port, @Nullable String address,
		@DefaultValue("5000") @Positive int handshakeRate, @Nullable @Positive Integer tenantHandshakeRate,
		@DefaultValue("newest") PlacementRule placement,
		@DefaultValue("10s") @DurationMin(millis = 100) Duration handshakeTimeout, @Nullable String publicUrl) {

	/**
	 * Returns the number of handshakes that this node accepts in a second from one
	 * tenant.
	 */
	public int handshakeRateOfTenant() {
		return (this.tenantHandshakeRate != null) ? this.tenantHandshakeRate : this.handshakeRate;
	}

}
