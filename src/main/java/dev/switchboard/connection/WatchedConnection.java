package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.transport.EventLoopSession;
import org.jspecify.annotations.Nullable;

/**
 * The liveness of a connection: asks an agent that has been quiet, and closes when it
 * stays so or when its credentials have expired. It costs two times and no timer; the
 * event loop's wheel comes by. Used on the event loop but for {@link #quietNanos}.
 */
abstract class WatchedConnection extends ConnectionIdentity {

	/** How long a connection on which a call waits may be quiet before it is asked. */
	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int NEVER = 0;

	final EventLoopSession session;

	final EventLoopContext context;

	/** In milliseconds of {@link System#nanoTime}, as all that is compared with it. */
	private int lastPingMillis;

	/** In seconds since 1970, until 2106. */
	private final int expiresAt;

	WatchedConnection(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(credentials.agent(), epoch, remote);
		this.session = session;
		this.context = context;
		this.lastPingMillis = millis(session.lastHeardNanos());
		Instant expiry = credentials.expiresAt();
		this.expiresAt = (expiry != null) ? (int) Math.clamp(expiry.getEpochSecond(), 1, 0xFFFF_FFFFL) : NEVER;
	}

	/** How long ago bytes last came from the agent, in nanoseconds. */
	public final long quietNanos() {
		return quietNanos(System.nanoTime());
	}

	private long quietNanos(long now) {
		return now - this.session.lastHeardNanos();
	}

	final void watch() {
		this.context.wheel().add(this, 0);
	}

	/** Looks after the first of the calls that wait, or one more. */
	final void watch(PendingCall call, boolean first) {
		long now = System.nanoTime();
		long quiet = quietNanos(now);
		if (first && quiet >= QUIET_NANOS) {
			ping(now);
		}
		long patience = (quiet < QUIET_NANOS) ? QUIET_NANOS - quiet : QUIET_NANOS;
		this.context.wheel().add(call, Math.min(call.remainingNanos(now), patience));
	}

	@Override
	protected final long peek() {
		return this.session.lastHeardNanos();
	}

	final void unwatch(TimerWheel.Entry entry) {
		this.context.wheel().remove(entry);
	}

	/**
	 * Looks whether the agent is still there, and asks or closes if it does not seem so.
	 * @return in how many nanoseconds to look again; negative for never
	 */
	final long checkLiveness(long now) {
		long heartbeat = this.context.limits().heartbeatNanos();
		long quiet = quietNanos(now);
		long left = secondsLeft();
		if (quiet >= 2 * heartbeat || (isAwaited() && hasIgnoredPing(now))) {
			close(DisconnectReason.HEARTBEAT_MISSED);
			return -1;
		}
		if (left <= 0) {
			close(DisconnectReason.CREDENTIALS_EXPIRED);
			return -1;
		}
		return Math.min(TimeUnit.SECONDS.toNanos(left), askIfQuiet(now, quiet, heartbeat));
	}

	private long askIfQuiet(long now, long quiet, long heartbeat) {
		long bound = isAwaited() ? Math.min(QUIET_NANOS, heartbeat) : heartbeat;
		if (quiet < bound) {
			return bound - quiet;
		}
		if (!wasPingedSinceHeard()) {
			ping(now);
		}
		long patience = 2 * heartbeat - quiet;
		return isAwaited() ? Math.min(patience, QUIET_NANOS - sincePing(now)) : patience;
	}

	private long secondsLeft() {
		if (this.expiresAt == NEVER) {
			return Integer.MAX_VALUE;
		}
		return Integer.toUnsignedLong(this.expiresAt) - TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis());
	}

	private boolean hasIgnoredPing(long now) {
		return wasPingedSinceHeard() && sincePing(now) >= QUIET_NANOS;
	}

	private boolean wasPingedSinceHeard() {
		return this.lastPingMillis - millis(this.session.lastHeardNanos()) > 0;
	}

	private long sincePing(long now) {
		return TimeUnit.MILLISECONDS.toNanos(millis(now) - this.lastPingMillis);
	}

	// An int of them goes around in 49 days, and differences are right for half of that.
	private static int millis(long nanos) {
		return (int) TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private void ping(long now) {
		this.lastPingMillis = millis(now);
		send(OutboundMessage.ping());
	}

	/** Whether calls wait for the agent. */
	abstract boolean isAwaited();

	abstract boolean send(OutboundMessage message);

	/** Closes the connection; the first reason stands. */
	abstract void close(DisconnectReason reason);

}
