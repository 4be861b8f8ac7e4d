package dev.switchboard.connection;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.transport.EventLoopSession;
import org.jspecify.annotations.Nullable;

/**
 * Watches a connection. Pings an agent that has been quiet. Closes the connection if the
 * agent stays quiet, or when its credentials have expired. This costs each connection two
 * numbers and no further object, since the connection itself is an entry in the event
 * loop's wheel. Used on the event loop, except for {@link #quietNanos}.
 */
abstract class WatchedConnection extends ConnectionIdentity {

	/** How long a connection on which a call waits may be quiet before a ping. */
	private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

	private static final int NEVER = 0;

	/** The longest text of a Close frame (RFC 6455 section 5.5). */
	private static final int LONGEST_TEXT = 123;

	final EventLoopSession session;

	final EventLoopContext context;

	/**
	 * The time of the last ping, as {@link #wrappingMillis} gives it. Before the first
	 * ping, the time at which the session began.
	 */
	private int lastPingMillis;

	/**
	 * When the credentials expire, in seconds since 1970, or {@link #NEVER}. The number
	 * is unsigned, so it reaches until 2106.
	 */
	private int expiresAt;

	WatchedConnection(AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote,
			EventLoopSession session, EventLoopContext context) {
		super(context.chance().uuid(), credentials, epoch, remote);
		this.session = session;
		this.context = context;
		this.lastPingMillis = wrappingMillis(session.lastHeardNanos());
		this.expiresAt = seconds(credentials.expiresAt());
	}

	private static int seconds(@Nullable Instant expiry) {
		return (expiry != null) ? (int) Math.clamp(expiry.getEpochSecond(), 1, 0xFFFF_FFFFL) : NEVER;
	}

	/**
	 * Gives the connection another end, because its agent has fresh credentials. Runs on
	 * the event loop.
	 * @param fresh the credentials, which are of the same agent
	 */
	public final void renewCredentials(AgentCredentials fresh) {
		identify(fresh);
		this.expiresAt = seconds(fresh.expiresAt());
	}

	/**
	 * Closes the connection, because the credentials that its agent has sent are not
	 * good, or not good any more.
	 * @param why what is wrong with them; what is not ASCII is replaced, and what is too
	 * long for a Close frame is left out
	 */
	public final void refuseCredentials(String why) {
		String text = why.replaceAll("[^\\x20-\\x7E]", "?");
		close(DisconnectReason.CREDENTIALS_EXPIRED, text.substring(0, Math.min(text.length(), LONGEST_TEXT)));
	}

	/** Returns how long ago bytes last came from the agent, in nanoseconds. */
	public final long quietNanos() {
		return quietNanos(this.context.time().nanoTime());
	}

	private long quietNanos(long now) {
		return now - this.session.lastHeardNanos();
	}

	/**
	 * Whether this node is sure that the connection holds its agent. It is, unless it was
	 * away for so long that the agent may have moved to another node.
	 */
	public final boolean isSure() {
		return this.context.ownership().isSure(this.context.time().nanoTime());
	}

	/** Makes the wheel look at the connection from now on. */
	final void watch() {
		this.context.wheel().add(this, 0);
	}

	/**
	 * Makes the wheel check the connection when the agent will have been quiet for
	 * {@link #QUIET_NANOS}, if no byte comes before. If the agent has been quiet that
	 * long already, a ping is sent now, and the wheel checks {@link #QUIET_NANOS} later.
	 * Called when a call begins to wait.
	 */
	final void watchClosely() {
		long quiet = quietNanos();
		this.context.wheel().add(this, (quiet < QUIET_NANOS) ? QUIET_NANOS - quiet : QUIET_NANOS);
	}

	final void unwatch() {
		this.context.wheel().remove(this);
	}

	/** Pings a quiet agent when a call begins to wait for it. */
	final void pingIfQuiet() {
		long now = this.context.time().nanoTime();
		if (quietNanos(now) >= QUIET_NANOS) {
			ping(now);
		}
	}

	@Override
	protected final long prefetch() {
		return this.session.lastHeardNanos();
	}

	/**
	 * Checks whether the agent is still there. If it seems not to be, pings it or closes
	 * the connection.
	 * @return in how many nanoseconds to check again; negative for never
	 */
	final long checkLiveness(long now) {
		long heartbeat = this.context.limits().heartbeatNanos();
		long quiet = Math.min(quietNanos(now), this.context.wheel().unbrokenNanos(now));
		long left = secondsLeft();
		if (quiet >= 2 * heartbeat || (isAwaited() && hasIgnoredPing(now))) {
			close(DisconnectReason.HEARTBEAT_MISSED);
			return -1;
		}
		if (left <= 0) {
			close(DisconnectReason.CREDENTIALS_EXPIRED);
			return -1;
		}
		return Math.min(TimeUnit.SECONDS.toNanos(left), checkQuiet(now, quiet, heartbeat));
	}

	private long checkQuiet(long now, long quiet, long heartbeat) {
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
		return Integer.toUnsignedLong(this.expiresAt) - this.context.time().now().getEpochSecond();
	}

	private boolean hasIgnoredPing(long now) {
		return wasPingedSinceHeard() && sincePing(now) >= QUIET_NANOS;
	}

	private boolean wasPingedSinceHeard() {
		return this.lastPingMillis - wrappingMillis(this.session.lastHeardNanos()) > 0;
	}

	private long sincePing(long now) {
		long since = TimeUnit.MILLISECONDS.toNanos(wrappingMillis(now) - this.lastPingMillis);
		return Math.min(since, this.context.wheel().unbrokenNanos(now));
	}

	/**
	 * Returns the monotonic time in milliseconds as an int, which wraps around every 49
	 * days. Only the difference of two such times has a meaning, and only if they are
	 * less than 24 days apart.
	 */
	private static int wrappingMillis(long nanoTime) {
		return (int) TimeUnit.NANOSECONDS.toMillis(nanoTime);
	}

	private void ping(long now) {
		this.lastPingMillis = wrappingMillis(now);
		send(OutboundMessage.ping());
	}

	/** Whether calls wait for the agent. */
	abstract boolean isAwaited();

	abstract boolean send(OutboundMessage message);

	/**
	 * Closes the connection; the calls that wait on it fail at once. If this is called
	 * several times, the first reason counts.
	 */
	public final void close(DisconnectReason reason) {
		close(reason, reason.text());
	}

	/**
	 * Closes the connection as {@link #close(DisconnectReason)} does, with this text in
	 * place of the reason's text.
	 */
	abstract void close(DisconnectReason reason, String text);

}
