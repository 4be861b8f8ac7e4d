package dev.switchboard.listener;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import reactor.netty.NettyPipeline;

/**
 * Ends the connections of one port whose peers keep it waiting for too long: for the rest
 * of a head or of a body, which is answered with 408, or by not reading an answer. Looks
 * at all connections of an event loop now and then, so a request needs no timer.
 * Connections that are idle, or whose request is being worked on, are left alone.
 * Thread-safe.
 */
final class SlowPeers {

	private static final long FIRST_LOOK_MILLIS = 1000;

	/** The time in which a peer can read its 408. */
	private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final Map<RequestProgress.Part, Long> limits = new EnumMap<>(RequestProgress.Part.class);

	private final Map<RequestProgress.Part, Counter> ended = new EnumMap<>(RequestProgress.Part.class);

	private final long periodMillis;

	private final TimeSource time;

	private final FastThreadLocal<OfLoop> loops = new FastThreadLocal<>() {

		@Override
		protected OfLoop initialValue() {
			return new OfLoop();
		}

	};

	/**
	 * @param listener the name of the port in metrics
	 */
	SlowPeers(String listener, ListenerSettings settings, MeterRegistry meters, TimeSource time) {
		this.time = time;
		limit(RequestProgress.Part.HEAD, settings.headTimeout());
		limit(RequestProgress.Part.BODY, settings.bodyTimeout());
		limit(RequestProgress.Part.ANSWER, settings.stallTimeout());
		long shortest = this.limits.values().stream().mapToLong(Long::longValue).min().orElseThrow();
		this.periodMillis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(shortest) / 4, 20, FIRST_LOOK_MILLIS);
		for (RequestProgress.Part part : RequestProgress.Part.values()) {
			this.ended.put(part,
					Counter.builder("switchboard.requests.slow")
						.description("Connections that ended because the peer was too slow")
						.tag("listener", listener)
						.tag("part", part.text())
						.register(meters));
		}
	}

	private void limit(RequestProgress.Part part, Duration limit) {
		this.limits.put(part, limit.toNanos());
	}

	/** Watches a new connection that has a gate. Called on its event loop. */
	void watch(Channel channel) {
		if (channel.pipeline().get(HttpGate.NAME) instanceof HttpGate gate) {
			channel.pipeline().addBefore(NettyPipeline.HttpCodec, RequestProgress.NAME, gate.progress());
			this.loops.get().watch(channel, gate.progress());
		}
	}

	private void look(Channel channel, RequestProgress progress, long now) {
		RequestProgress.Part part = progress.look(channel, now);
		long limit = (part != null) ? this.limits.getOrDefault(part, Long.MAX_VALUE) : Long.MAX_VALUE;
		long waited = progress.sameForNanos(now);
		if (part == null || waited < limit) {
			return;
		}
		if (progress.refuse()) {
			count(part);
			if (part != RequestProgress.Part.ANSWER) {
				progress.gate().refuseLast(channel.pipeline().context(HttpGate.NAME), tooSlow());
				return;
			}
		}
		if (part == RequestProgress.Part.ANSWER || waited >= limit + LINGER_NANOS) {
			channel.close();
		}
	}

	private static FullHttpResponse tooSlow() {
		return ProblemResponse.of(new ProblemException(Problem.REQUEST_TIMEOUT, "The request did not arrive in time"));
	}

	private void count(RequestProgress.Part part) {
		Objects.requireNonNull(this.ended.get(part)).increment();
	}

	/** The connections of one event loop. Used on that event loop only. */
	private final class OfLoop {

		private final Map<Channel, RequestProgress> connections = new LinkedHashMap<>();

		private boolean looking;

		void watch(Channel channel, RequestProgress progress) {
			this.connections.put(channel, progress);
			channel.closeFuture().addListener((_) -> this.connections.remove(channel));
			if (!this.looking) {
				this.looking = true;
				lookLater(channel.eventLoop());
			}
		}

		private void lookLater(EventExecutor loop) {
			loop.schedule(() -> look(loop), SlowPeers.this.periodMillis, TimeUnit.MILLISECONDS);
		}

		private void look(EventExecutor loop) {
			long now = SlowPeers.this.time.nanoTime();
			List.copyOf(this.connections.entrySet())
				.forEach((each) -> SlowPeers.this.look(each.getKey(), each.getValue(), now));
			this.looking = !this.connections.isEmpty();
			if (this.looking) {
				lookLater(loop);
			}
		}

	}

}
