package dev.switchboard.connection;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Limits the rates of the agents of one event loop. It counts what all of them send, and
 * charges each sample, such as every 64th message, to the agent that has sent it, as if
 * this agent had sent the whole sample. So an agent that sends much is found, and an
 * agent that sends little costs a subtraction, and is hardly ever in memory here. Used on
 * the event loop only.
 */
final class AgentRates {

	private static final int FRAGMENTS = 16;

	/** No agent is left unread for longer, since its pongs would be missed. */
	private static final long LONGEST_PAUSE = TimeUnit.SECONDS.toNanos(1);

	private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SWEEP = TimeUnit.SECONDS.toNanos(1);

	private final Sampler messages;

	private final Sampler controls;

	private final Sampler bytes;

	private final Map<ObservedConnection, Activity> active = new HashMap<>();

	private final long patienceNanos;

	private final TimeSource time;

	private final Consumer<String> paused;

	private int fragments;

	private long sweptNanos;

	/**
	 * @param paused takes the name of the rate for which an agent is left unread
	 */
	AgentRates(RateSettings settings, TimeSource time, Consumer<String> paused) {
		this.messages = new Sampler("messages", settings.messageRate(), 64);
		this.controls = new Sampler("control frames", settings.controlRate(), 16);
		this.bytes = new Sampler("bytes", settings.byteRate().toBytes(), 1 << 20);
		this.patienceNanos = settings.floodPatience().toNanos();
		this.time = time;
		this.paused = paused;
		this.sweptNanos = time.nanoTime();
	}

	/** Counts what was read from an agent. */
	void read(ObservedConnection agent, int bytes, int fragments, int controls) {
		count(agent, this.bytes, bytes);
		if (controls > 0) {
			count(agent, this.controls, controls);
		}
		if (fragments > 0) {
			this.fragments += fragments;
			count(agent, this.messages, this.fragments / FRAGMENTS);
			this.fragments %= FRAGMENTS;
		}
	}

	/** Counts a message. */
	void message(ObservedConnection agent) {
		count(agent, this.messages, 1);
	}

	/** Takes an answer that a caller has waited for off the count. */
	void answered(int bytes) {
		this.messages.left++;
		this.bytes.left += bytes;
	}

	private void count(ObservedConnection agent, Sampler sampler, int amount) {
		sampler.left -= amount;
		if (sampler.left <= 0) {
			charge(agent, sampler, sampler.take());
		}
	}

	private void charge(ObservedConnection agent, Sampler sampler, long amount) {
		long now = this.time.nanoTime();
		sweep(now);
		Activity activity = this.active.computeIfAbsent(agent, (_) -> new Activity());
		double over = activity.add(sampler, amount, now);
		if (over <= 0) {
			return;
		}
		if (activity.floodsSince(now) > this.patienceNanos) {
			this.active.remove(agent);
			agent.violated(DisconnectReason.PROTOCOL_VIOLATION, "more than " + sampler.rate + " " + sampler.what
					+ " a second for " + TimeUnit.NANOSECONDS.toSeconds(this.patienceNanos) + " s");
			return;
		}
		this.paused.accept(sampler.what);
		agent.session.pause(Math.clamp((long) (over / sampler.rate * 1e9), SHORTEST_PAUSE, LONGEST_PAUSE));
	}

	/** Forgets the agents that send little. */
	private void sweep(long now) {
		if (now - this.sweptNanos > SWEEP) {
			this.sweptNanos = now;
			this.active.values().removeIf((activity) -> activity.isIdle(now));
		}
	}

	/** Returns the number of agents that are in memory here. */
	int active() {
		return this.active.size();
	}

	/** Counts one kind of thing, and its limit. */
	private static final class Sampler {

		private final String what;

		private final long rate;

		private final long sample;

		/** How much may still come before the next sample is full. */
		private long left;

		Sampler(String what, long rate, long sample) {
			this.what = what;
			this.rate = rate;
			this.sample = Math.clamp(rate, 1, sample);
			this.left = this.sample;
		}

		/** Returns how much is in the samples that are full, and begins a new one. */
		long take() {
			long full = (-this.left / this.sample + 1) * this.sample;
			this.left += full;
			return full;
		}

		double burst() {
			return 4.0 * this.rate;
		}

	}

	/** How much an agent has sent above the rates of late. */
	private static final class Activity {

		private static final long QUIET = TimeUnit.SECONDS.toNanos(5);

		private final Map<Sampler, Double> levels = new HashMap<>();

		private long lastNanos;

		private @Nullable Long floodNanos;

		private long lastFloodNanos;

		/** Returns by how much the agent is above what it may send at once. */
		double add(Sampler sampler, long amount, long now) {
			double passed = (now - this.lastNanos) / 1e9;
			this.levels.replaceAll((each, level) -> Math.max(0, level - passed * each.rate));
			this.lastNanos = now;
			double level = this.levels.merge(sampler, (double) amount,
					(before, more) -> Math.min(before + more, 2 * sampler.burst()));
			return level - sampler.burst();
		}

		/** Returns for how long the agent has been above without a break. */
		long floodsSince(long now) {
			if (this.floodNanos == null || now - this.lastFloodNanos > QUIET) {
				this.floodNanos = now;
			}
			this.lastFloodNanos = now;
			return now - this.floodNanos;
		}

		boolean isIdle(long now) {
			return now - this.lastNanos > 2 * QUIET;
		}

	}

}
