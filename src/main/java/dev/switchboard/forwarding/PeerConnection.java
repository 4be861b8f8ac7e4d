package dev.switchboard.forwarding;

import java.time.Duration;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.loop.OnLoop;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.time.TimeSource;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to another node, with the requests that wait on it. When the connection
 * ends, all these requests fail at once. Belongs to its event loop; only {@link #onLoop}
 * and {@link #isUsable} may be called from other threads.
 */
final class PeerConnection {

	private static final Logger logger = LoggerFactory.getLogger(PeerConnection.class);

	private final EventLoop loop;

	private final AsciiString authority;

	private final NodeSecret secret;

	private final TimeSource time;

	private final WaitingRequests waiting;

	private final PeerWatch watch;

	private final PeerStreams streams;

	private volatile State state = State.CONNECTING;

	private enum State {

		CONNECTING, OPEN, LEAVING, CLOSED

	}

	/**
	 * Makes a connection on a channel that is not registered with an event loop yet.
	 * @param loop the event loop with which the channel will be registered
	 */
	PeerConnection(Channel channel, EventLoop loop, String authority, NodeSecret secret, ForwardingSettings settings,
			ForwardingMetrics metrics, TimeSource time) {
		this.loop = loop;
		this.authority = AsciiString.of(authority);
		this.secret = secret;
		this.time = time;
		this.waiting = new WaitingRequests(settings.maxWaiting());
		this.watch = new PeerWatch(this, settings.silence(), metrics, time);
		channel.pipeline().addLast(this.watch);
		this.streams = new PeerStreams(channel.pipeline(), this);
	}

	EventLoop loop() {
		return this.loop;
	}

	TimeSource time() {
		return this.time;
	}

	void onLoop(Runnable task) {
		OnLoop.run(this.loop, task);
	}

	/** Whether the connection takes requests. While it is being made, it queues them. */
	boolean isUsable() {
		return this.state == State.CONNECTING || this.state == State.OPEN;
	}

	boolean isConnecting() {
		return this.state == State.CONNECTING;
	}

	boolean isAwaited() {
		return !this.waiting.isEmpty();
	}

	/**
	 * Sends a request at once, or as soon as the connection is open. Fails the request if
	 * the connection takes no requests, or if too many requests or bytes wait.
	 */
	void begin(PendingRequest<?> request) {
		if (request.isEnded()) {
			return;
		}
		if (!isUsable() || this.waiting.isFull() || this.streams.isCongested()) {
			request.fail(new ForwardException(ForwardException.Reason.UNSENT));
			return;
		}
		this.watch.start();
		if (isConnecting()) {
			this.waiting.queue(request);
		}
		else {
			send(request);
		}
	}

	private void send(PendingRequest<?> request) {
		PeerRequest<?> content = request.content();
		Duration left = request.timeLeft();
		if (this.streams.send(request, headers(content, left), content.body().encode(left))) {
			this.waiting.sent(request);
		}
		else {
			this.state = State.LEAVING;
			request.disconnect();
		}
	}

	private Http2Headers headers(PeerRequest<?> request, Duration left) {
		Http2Headers headers = new DefaultHttp2Headers(false, 8).method(HttpMethod.POST.asciiName())
			.scheme(HttpScheme.HTTP.name())
			.authority(this.authority)
			.path(Http2Dialect.path(request.kind()))
			.setLong(Http2Dialect.TIME_LEFT, left.toMillis());
		this.secret.sign(headers);
		return (request.agent() != null) ? headers.set(Http2Dialect.AGENT, AsciiString.of(request.agent().toString()))
				: headers;
	}

	/** Called when the other node has sent its first frame. Sends the queued requests. */
	void opened() {
		this.state = State.OPEN;
		for (PendingRequest<?> next = this.waiting.nextQueued(); next != null; next = this.waiting.nextQueued()) {
			send(next);
		}
	}

	/**
	 * Called after each part of an answer. If the request has ended before the last part,
	 * its stream is reset, because nobody needs the rest of the answer. So is the stream
	 * of an answer that has ended before the request's own body.
	 */
	void settle(PendingRequest<?> request, boolean last) {
		if (last && request.isBodyOpen()) {
			abandon(request);
		}
		else if (last) {
			this.waiting.removeSent(request);
		}
		else if (request.isEnded()) {
			abandon(request);
		}
	}

	/**
	 * Withdraws a request whose waiter has gone. If the request was sent, its stream is
	 * reset.
	 */
	void abandon(PendingRequest<?> request) {
		if (this.waiting.removeSent(request)) {
			this.streams.cancel(request);
		}
		else {
			this.waiting.removeQueued(request);
		}
	}

	/** Fails a request whose stream has closed before the end of the answer. */
	void lost(PendingRequest<?> request) {
		if (this.waiting.removeSent(request)) {
			request.disconnect();
		}
	}

	/**
	 * Fails the requests whose time is up: queued requests at their deadline, and sent
	 * ones a little later, because the other node answers at the deadline, too. Only a
	 * queued request fails as unsent, because a sent one may have arrived.
	 */
	void expire(long now) {
		for (PendingRequest<?> request : this.waiting.all()) {
			boolean unsent = !this.waiting.isSent(request);
			if (request.isOverdue(now) || (unsent && request.remainingNanos(now) <= 0)) {
				abandon(request);
				request.fail(new ConnectionException(
						unsent ? ConnectionException.Reason.DEADLINE_UNSENT : ConnectionException.Reason.DEADLINE));
			}
		}
	}

	/**
	 * Called when the other node takes no more requests (RFC 9113 section 6.8). Requests
	 * that are queued, or on a stream after {@code lastStream}, fail as unsent.
	 * @param lastStream the last stream that the other node has looked at
	 */
	void leave(int lastStream) {
		this.state = State.LEAVING;
		for (PendingRequest<?> request : this.waiting.all()) {
			if (!this.waiting.isSent(request) || request.stream() > lastStream) {
				request.refused();
			}
			else {
				request.content().body().leaving();
			}
		}
		this.waiting.clearQueued();
	}

	void ping() {
		this.streams.writePing(this.time.nanoTime());
	}

	/**
	 * Fails all waiting requests. Called when the connection has ended or could not be
	 * made.
	 */
	void end() {
		this.state = State.CLOSED;
		int sent = this.waiting.sentCount();
		if (sent > 0) {
			logger.warn("The connection to the {} has ended. Requests on it without an answer: {}", this, sent);
		}
		var all = this.waiting.all();
		this.waiting.clear();
		all.forEach(PendingRequest::disconnect);
	}

	/** Fails all waiting requests, and closes the connection without a GOAWAY frame. */
	void close() {
		end();
		this.streams.closeSilently();
	}

	@Override
	public String toString() {
		return "node at " + this.authority;
	}

}
