package dev.switchboard.agent;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import org.jspecify.annotations.Nullable;

/**
 * Sends a fresh token on an open connection before the old one expires, so that the
 * connection stays. If the application's supplier gives the old token again, or fails, it
 * is asked again later. If no fresh token comes in time, the gateway closes the
 * connection (4003), and the agent connects again. Thread-safe.
 */
final class TokenRefresh {

	/** How long before the end of the token the application is asked at the earliest. */
	private static final Duration LONGEST_MARGIN = Duration.ofMinutes(1);

	/** The shortest pause between two requests for a token. */
	private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

	private final Supplier<HandshakeIdentity> identities;

	private final ScheduledExecutorService timer;

	private final InstantSource clock;

	/**
	 * @param identities gives the identity with the newest token; may block
	 */
	TokenRefresh(Supplier<HandshakeIdentity> identities, ScheduledExecutorService timer, InstantSource clock) {
		this.identities = identities;
		this.timer = timer;
		this.clock = clock;
	}

	/**
	 * Keeps a connection's token fresh until the connection closes. Does nothing if the
	 * identity has no token, or a token whose end cannot be read.
	 */
	void keep(HandshakeIdentity identity, GatewayConnection connection) {
		Duration left = identity.tokenLife(this.clock.instant());
		if (left != null) {
			Duration margin = shorter(left.dividedBy(4), LONGEST_MARGIN);
			after(longer(left.minus(margin), SHORTEST_PAUSE), identity, connection);
		}
	}

	private void after(Duration pause, HandshakeIdentity identity, GatewayConnection connection) {
		if (!connection.closed().isDone() && !this.timer.isShutdown()) {
			this.timer.schedule(() -> Thread.ofVirtual().name("switchboard-token").start(() -> {
				refresh(identity, connection);
			}), pause.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	private void refresh(HandshakeIdentity old, GatewayConnection connection) {
		HandshakeIdentity fresh = ask();
		String token = (fresh != null) ? fresh.token() : null;
		if (fresh == null || token == null || token.equals(old.token())) {
			askLater(old, connection);
			return;
		}
		connection.send(FrameCodec.encode(new Frame.AuthRefresh(token)));
		keep(fresh, connection);
	}

	private @Nullable HandshakeIdentity ask() {
		try {
			return this.identities.get();
		}
		catch (RuntimeException ex) {
			// The application's token supplier failed, or returned no token.
			return null;
		}
	}

	/** Asks again after a quarter of the time that is left. */
	private void askLater(HandshakeIdentity old, GatewayConnection connection) {
		Duration left = old.tokenLife(this.clock.instant());
		if (left != null && left.isPositive()) {
			after(longer(left.dividedBy(4), SHORTEST_PAUSE), old, connection);
		}
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	private static Duration shorter(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
