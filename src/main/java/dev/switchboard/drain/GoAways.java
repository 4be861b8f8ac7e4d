package dev.switchboard.drain;

import java.util.List;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks agents to connect anew ({@code goaway}), at a set rate. Their old connections
 * serve on until the newer ones have taken the agents. Thread-safe.
 */
final class GoAways {

	/**
	 * The longest time that an agent is asked to wait before it connects anew. Agents
	 * that are asked at the same moment are spread over this time.
	 */
	private static final long SPREAD_MILLIS = 100;

	private final Chance chance;

	private final MeterRegistry meters;

	GoAways(Chance chance, MeterRegistry meters) {
		this.chance = chance;
		this.meters = meters;
		count(Reason.DRAIN);
		count(Reason.REBALANCE);
	}

	/** Why agents are asked to connect anew. */
	enum Reason {

		DRAIN("drain", DisconnectReason.NODE_LEAVING), REBALANCE("rebalance", DisconnectReason.REBALANCE);

		private final String text;

		private final DisconnectReason close;

		Reason(String text, DisconnectReason close) {
			this.text = text;
			this.close = close;
		}

	}

	/**
	 * Asks the agents of these connections to connect anew.
	 * @param tempo how many are asked in a second
	 * @param url gives the URL for one agent; null if the agent is to take the URL that
	 * it was configured with
	 * @return completes when all have been asked; cancelling leaves out the rest
	 */
	Mono<Void> send(List<AgentConnection> connections, Pace.Tempo tempo, Supplier<@Nullable String> url,
			Reason reason) {
		Counter sent = count(reason);
		return Pace.each(connections, tempo, (connection) -> {
			long after = (long) (this.chance.fraction() * SPREAD_MILLIS);
			connection.leave(new Frame.GoAway(after, url.get(), reason.text), reason.close);
			sent.increment();
		});
	}

	private Counter count(Reason reason) {
		return Counter.builder("switchboard.goaways")
			.description("Agents that were asked to connect anew")
			.tag("reason", reason.text)
			.register(this.meters);
	}

}
