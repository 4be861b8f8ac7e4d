package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

import dev.switchboard.listener.HttpGates;
import dev.switchboard.listener.PortGuards;
import dev.switchboard.problem.Problem;
import dev.switchboard.time.Chance;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * What stands before the HTTP of each new connection of the agent port. It refuses
 * sources that have had too many failures, and learns of failures that never become a
 * request. Thread-safe.
 */
final class AgentDoor {

	private static final String NAME = "switchboard.sources";

	private final HttpGates gates;

	private final PortGuards ports;

	private final SourceAdmission sources;

	private final AgentAddress addresses;

	private final Consumer<String> results;

	private final Chance chance;

	private final @Nullable AgentTls tls;

	/**
	 * @param results takes the result of each handshake that is refused here
	 * @param tls secures the connections; null if the port has no TLS
	 */
	AgentDoor(HttpGates gates, PortGuards ports, SourceAdmission sources, AgentAddress addresses,
			Consumer<String> results, Chance chance, @Nullable AgentTls tls) {
		this.gates = gates;
		this.ports = ports;
		this.sources = sources;
		this.addresses = addresses;
		this.results = results;
		this.chance = chance;
		this.tls = tls;
	}

	/**
	 * Guards a new connection. With TLS, a connection that is refused here is closed
	 * without an answer, because an answer would cost a TLS handshake.
	 */
	void guard(Channel channel) {
		if (this.tls != null) {
			this.tls.secure(channel, () -> failed(channel));
		}
		this.gates.guard(channel, "agent", () -> failed(channel));
		InetSocketAddress from = this.addresses.of(channel);
		this.ports.guardHandshake(channel, from);
		boolean over = this.sources.isOver(from);
		if (over && this.tls != null) {
			refused(from);
			channel.close();
		}
		else if (over && channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
			SourceGate gate = new SourceGate(this.chance, () -> refused(from));
			channel.pipeline().addBefore(NettyPipeline.HttpCodec, NAME, gate);
		}
	}

	private void refused(@Nullable InetSocketAddress from) {
		this.sources.refused(from);
		this.results.accept(Problem.UNAVAILABLE.text());
	}

	/**
	 * Lets a port that has begun to listen leave descriptors to the API and management.
	 * @param paused is called once a second while nothing is accepted for this reason
	 */
	void listening(Channel port, Runnable paused) {
		this.ports.guardAgentPort(port, paused);
	}

	/** Counts a connection that did not become a request, or not in time. */
	void failed(Channel channel) {
		this.sources.failed(this.addresses.of(channel));
	}

}
