package dev.switchboard.tls;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import reactor.netty.NettyPipeline;

/**
 * Watches the TLS handshakes of one listener. A handshake that takes too long or too many
 * bytes ends its connection. Each outcome is counted, and none is logged, because anybody
 * can fail as often as they like. Thread-safe.
 */
public final class TlsHandshakes {

	static {
		// The JDK reads this at its first handshake. A peer could otherwise repeat the
		// handshake of TLS 1.2 without end, each time at the cost of a signature.
		System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
	}

	/** How a handshake ended. */
	enum Outcome {

		/** The connection is secure. */
		COMPLETED,
		/** The peer broke the protocol, or one end refused the other's certificate. */
		FAILED,
		/** The peer took too long. */
		TIMEOUT,
		/** The peer sent too many bytes. */
		TOO_LONG,
		/** The connection ended before. */
		GONE;

		String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	private final long limitMillis;

	private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);

	/**
	 * @param listener the name of the listener in metrics
	 * @param limit how long a handshake may take
	 */
	public TlsHandshakes(String listener, Duration limit, MeterRegistry meters) {
		this.limitMillis = limit.toMillis();
		for (Outcome outcome : Outcome.values()) {
			this.outcomes.put(outcome,
					Counter.builder("switchboard.tls.handshakes")
						.description("TLS handshakes by how they ended")
						.tag("listener", listener)
						.tag("outcome", outcome.text())
						.register(meters));
		}
	}

	/** Whether a new connection begins with TLS. */
	public static boolean isOn(Channel channel) {
		return channel.pipeline().get(NettyPipeline.SslHandler) != null;
	}

	/**
	 * Watches the handshake of a new connection, and counts its outcome only.
	 * @param after the name of the last handler of TLS
	 */
	public void watch(Channel channel, String after) {
		watch(channel, after, () -> {
		});
	}

	/**
	 * Watches the handshake of a new connection.
	 * @param after the name of the last handler of TLS
	 * @param failed is called on the event loop if it is the peer's fault that the
	 * handshake fails
	 */
	public void watch(Channel channel, String after, Runnable failed) {
		HandshakeWatch watch = new HandshakeWatch(this.limitMillis, (outcome) -> ended(outcome, failed));
		channel.pipeline().addAfter(after, null, watch).addFirst(watch.front());
	}

	private void ended(Outcome outcome, Runnable failed) {
		Objects.requireNonNull(this.outcomes.get(outcome)).increment();
		if (outcome != Outcome.COMPLETED && outcome != Outcome.GONE) {
			failed.run();
		}
	}

}
