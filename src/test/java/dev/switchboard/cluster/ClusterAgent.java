package dev.switchboard.cluster;

import java.net.URI;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.protocol.Frame;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** One agent, by its newest connection and those it left behind. On one event loop. */
final class ClusterAgent {

	private static final long UNLESS_OURS_MILLIS = 60_000;

	private final ClusterAgents all;

	private final AgentId id;

	private final EventLoop loop;

	private long minMillis = 500;

	private long maxMillis = 10_000;

	private int failures;

	private boolean closing;

	private boolean connecting;

	private volatile @Nullable ClusterConnection current;

	ClusterAgent(ClusterAgents all, AgentId id, EventLoop loop) {
		this.all = all;
		this.id = id;
		this.loop = loop;
	}

	AgentId id() {
		return this.id;
	}

	ClusterAgents all() {
		return this.all;
	}

	EventLoop loop() {
		return this.loop;
	}

	Entry.@Nullable Opened opened() {
		ClusterConnection connection = this.current;
		return (connection != null) ? connection.opened() : null;
	}

	/** Connects after a delay; to any address if none is given. */
	void connectAfter(long millis, @Nullable URI address) {
		var _ = this.loop.schedule(() -> connect(address), millis, TimeUnit.MILLISECONDS);
	}

	private void connect(@Nullable URI address) {
		if (this.closing || this.connecting) {
			return;
		}
		URI to = (address != null) ? address : this.all.anyAddress();
		if (to == null) {
			retry(0);
			return;
		}
		this.connecting = true;
		ClusterConnection.open(this, to);
	}

	private void retry(long afterMillis) {
		long bound = Math.min(this.maxMillis, this.minMillis << Math.min(this.failures, 10));
		connectAfter(afterMillis + ThreadLocalRandom.current().nextLong(bound + 1), null);
	}

	/** A connection was welcomed; the one before may go on beside it. */
	void opened(ClusterConnection connection, Frame.Welcome welcome) {
		this.connecting = false;
		this.failures = 0;
		this.minMillis = welcome.reconnectMinMillis();
		this.maxMillis = welcome.reconnectMaxMillis();
		if (this.current == null) {
			this.all.count(1);
		}
		this.current = connection;
		if (this.closing) {
			connection.end();
		}
	}

	/** A connection did not come about. */
	void failed(long retryAfterMillis) {
		this.connecting = false;
		this.failures++;
		retry(retryAfterMillis);
	}

	/** A connection ended that had been welcomed. */
	void closed(ClusterConnection connection, int code) {
		if (connection.equals(this.current)) {
			leave();
			switch (DisconnectReason.reconnectAfter(code)) {
				case ONCE_A_DAY -> {
					// The agent stays away.
				}
				case UNLESS_OURS, TEN_MINUTES, LONG_BACKOFF ->
					connectAfter(UNLESS_OURS_MILLIS + ThreadLocalRandom.current().nextLong(1000), null);
				case JITTER, BACKOFF, FRESH_TOKEN -> retry(0);
			}
		}
	}

	/** The connection no longer counts; it may still end by itself. */
	private void leave() {
		this.current = null;
		this.all.count(-1);
	}

	/** The gateway asks the agent to connect anew; the connection goes on meanwhile. */
	void goAway(Frame.GoAway goAway) {
		String url = goAway.url();
		connectAfter(goAway.reconnectAfterMillis(), (url != null) ? URI.create(url) : null);
	}

	/** Checks whether bytes came from the gateway lately. */
	void watch() {
		this.loop.execute(() -> {
			ClusterConnection connection = this.current;
			if (connection != null && connection.isSilent()) {
				leave();
				retry(0);
			}
		});
	}

	void close() {
		this.loop.execute(() -> {
			this.closing = true;
			ClusterConnection connection = this.current;
			if (connection != null) {
				connection.end();
			}
		});
	}

}
