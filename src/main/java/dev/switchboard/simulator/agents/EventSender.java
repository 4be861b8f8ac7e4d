package dev.switchboard.simulator.agents;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

import dev.switchboard.protocol.Frame;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Sends events at a given rate, each agent in turn. An event that is not acknowledged is
 * sent again on the next connection of its agent, as the agent library does it. While too
 * many are not acknowledged, no new ones are sent. Thread-safe.
 */
final class EventSender implements AutoCloseable {

	/** The most events of all agents that are not acknowledged. */
	static final int MOST_UNACKNOWLEDGED = 100_000;

	private static final int TICK_MILLIS = 5;

	/** How many agents may be offline in a row before an event is held back. */
	private static final int MOST_SKIPPED = 1000;

	private final AgentOptions options;

	private final EventStats stats;

	private final IntFunction<@Nullable Channel> channels;

	private final UnacknowledgedEvents unacknowledged = new UnacknowledgedEvents(MOST_UNACKNOWLEDGED);

	/** Makes ids that no other process has, since the log remembers ids for a day. */
	private final String prefix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + "-";

	private final Pacer pacer;

	private final Future<?> ticks;

	private long count;

	private int turn = -1;

	/**
	 * Begins to send.
	 * @param channels gives the connection of an agent; null if it has none
	 */
	EventSender(AgentOptions options, EventExecutor loop, EventStats stats, IntFunction<@Nullable Channel> channels) {
		this.options = options;
		this.stats = stats;
		this.channels = channels;
		this.pacer = new Pacer(options.events.perSecond, System.nanoTime());
		this.ticks = loop.scheduleAtFixedRate(this::sendDue, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void sendDue() {
		while (this.pacer.tryTake(System.nanoTime())) {
			Integer agent = this.unacknowledged.isFull() ? null : nextConnected();
			if (agent != null) {
				begin(agent);
			}
			else {
				this.stats.heldBack.increment();
			}
		}
	}

	private @Nullable Integer nextConnected() {
		for (int i = 0; i < Math.min(MOST_SKIPPED, this.options.agents); i++) {
			this.turn = (this.turn + 1) % this.options.agents;
			if (this.channels.apply(this.turn) != null) {
				return this.turn;
			}
		}
		return null;
	}

	private void begin(int agent) {
		String id = this.prefix + this.count++;
		long now = System.nanoTime();
		this.unacknowledged.add(agent, id, now);
		this.stats.sent(now);
		// Read after the event was added: a connection that opens meanwhile sends it.
		Channel channel = this.channels.apply(agent);
		if (channel != null) {
			channel.eventLoop().execute(() -> write(channel, agent, List.of(id)));
		}
	}

	/** Sends an agent's events again on its new connection, whose event loop calls. */
	void connected(int agent, Channel channel) {
		List<String> ids = this.unacknowledged.of(agent);
		if (!ids.isEmpty()) {
			this.stats.again.add(ids.size());
			write(channel, agent, ids);
		}
	}

	private void write(Channel channel, int agent, List<String> ids) {
		for (String id : ids) {
			byte[] message = this.options.events.message(id, this.options.first + agent);
			var _ = channel.write(MaskedFrames.encode(channel.alloc(), WebSocketFrame.TEXT, message),
					channel.voidPromise());
		}
		channel.flush();
	}

	void acknowledged(int agent, Frame.EventAck ack) {
		Long sentNanos = this.unacknowledged.remove(agent, ack.id());
		if (sentNanos != null) {
			this.stats.acknowledged(sentNanos, System.nanoTime());
		}
	}

	/**
	 * Sends a refused event again after a while, or gives it up if it is refused for
	 * good. Called on the event loop of the agent's connection.
	 */
	void refused(int agent, Channel channel, Frame.EventError error) {
		this.stats.refused.add(error.code());
		Long retryMillis = error.retryMillis();
		if (retryMillis == null) {
			var _ = this.unacknowledged.remove(agent, error.id());
		}
		else {
			var _ = channel.eventLoop()
				.schedule(() -> sendAgain(agent, channel, error.id()), retryMillis, TimeUnit.MILLISECONDS);
		}
	}

	/** A connection that has taken this one's place has sent the event already. */
	private void sendAgain(int agent, Channel channel, String id) {
		if (channel.isActive() && this.unacknowledged.contains(agent, id)) {
			this.stats.again.increment();
			write(channel, agent, List.of(id));
		}
	}

	/** Returns how many events are not acknowledged. */
	int unacknowledged() {
		return this.unacknowledged.size();
	}

	/** Sends no new events. Those that were sent may still be acknowledged. */
	@Override
	public void close() {
		this.ticks.cancel(false);
	}

}
