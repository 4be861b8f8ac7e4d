package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

import dev.switchboard.listener.HttpGates;
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

	private final SourceAdmission sources;

	private final AgentAddress addresses;

	private final Consumer<String> results;

	private final Chance chance;

	/**
	 * @param results takes the result of each handshake that is refused here
	 */
	AgentDoor(HttpGates gates, SourceAdmission sources, AgentAddress addresses, Consumer<String> results,
			Chance chance) {
		this.gates = gates;
		this.sources = sources;
		this.addresses = addresses;
		this.results = results;
		this.chance = chance;
	}

	/** Guards a new connection. */
	void guard(Channel channel) {
		this.gates.guard(channel, "agent", () -> failed(channel));
		InetSocketAddress from = this.addresses.of(channel);
		if (this.sources.isOver(from) && channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
			SourceGate gate = new SourceGate(this.chance, () -> refused(from));
			channel.pipeline().addBefore(NettyPipeline.HttpCodec, NAME, gate);
		}
	}

	private void refused(@Nullable InetSocketAddress from) {
		this.sources.refused(from);
		this.results.accept(Problem.UNAVAILABLE.text());
	}

	/** Counts a connection that did not become a request, or not in time. */
	void failed(Channel channel) {
		this.sources.failed(this.addresses.of(channel));
	}

}
