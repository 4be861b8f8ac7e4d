package dev.switchboard.agent;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.EventReader;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an agent's events until the gateway has acknowledged them, and sends them in
 * their order. After each new connection it sends them again. Thread-safe.
 */
final class EventOutbox {

	private static final int MOST_EVENTS = 1000;

	private static final long MOST_BYTES = 4 << 20;

	private final ScheduledExecutorService timer;

	private final Map<String, Waiting> waiting = new LinkedHashMap<>();

	private long waitingBytes;

	private boolean closed;

	private @Nullable GatewayConnection newest;

	/** An event that is not acknowledged yet. */
	private static final class Waiting {

		private final byte[] message;

		private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();

		Waiting(byte[] message) {
			this.message = message;
		}

	}

	EventOutbox(ScheduledExecutorService timer) {
		this.timer = timer;
	}

	/**
	 * Sends an event as soon as there is a connection.
	 * @return completes when the event is in the event log; fails with an
	 * {@link EventRefusedException}
	 * @throws IllegalArgumentException if the subject does not have its form
	 */
	CompletableFuture<Void> add(String subject, Payload payload) {
		if (!EventReader.isSubject(subject)) {
			throw new IllegalArgumentException(
					"an event's subject has 1 to " + EventReader.LONGEST_SUBJECT + " printable ASCII characters");
		}
		String id = UUID.randomUUID().toString();
		return add(id, FrameCodec.encode(new Frame.Event(id, subject, payload)));
	}

	private synchronized CompletableFuture<Void> add(String id, byte[] message) {
		if (this.closed) {
			return refused(EventRefusedException.CLOSED, "the agent is closed");
		}
		if (this.waiting.size() >= MOST_EVENTS || this.waitingBytes + message.length > MOST_BYTES) {
			return refused(EventRefusedException.FULL, "too many events are not acknowledged yet");
		}
		Waiting event = new Waiting(message);
		this.waiting.put(id, event);
		this.waitingBytes += message.length;
		send(event);
		return event.acknowledged.copy();
	}

	private static CompletableFuture<Void> refused(String code, String message) {
		return CompletableFuture.failedFuture(new EventRefusedException(code, message));
	}

	private void send(Waiting event) {
		if (this.newest != null) {
			this.newest.send(event.message);
		}
	}

	/** Sends all events that are not acknowledged on a new connection. */
	synchronized void connected(GatewayConnection connection) {
		this.newest = connection;
		this.waiting.values().forEach(this::send);
	}

	void acknowledged(String id) {
		Waiting event = remove(id);
		if (event != null) {
			event.acknowledged.complete(null);
		}
	}

	/**
	 * Sends a refused event again after a while, or gives it up if it is refused for
	 * good.
	 */
	void refused(Frame.EventError error) {
		Long retryMillis = error.retryMillis();
		if (retryMillis != null) {
			if (!this.timer.isShutdown()) {
				this.timer.schedule(() -> sendAgain(error.id()), retryMillis, TimeUnit.MILLISECONDS);
			}
			return;
		}
		Waiting event = remove(error.id());
		if (event != null) {
			event.acknowledged.completeExceptionally(new EventRefusedException(error.code(), error.message()));
		}
	}

	private synchronized void sendAgain(String id) {
		Waiting event = this.waiting.get(id);
		if (event != null) {
			send(event);
		}
	}

	private synchronized @Nullable Waiting remove(String id) {
		Waiting event = this.waiting.remove(id);
		if (event != null) {
			this.waitingBytes -= event.message.length;
		}
		return event;
	}

	/** Gives up all events. */
	void close() {
		List<Waiting> given;
		synchronized (this) {
			this.closed = true;
			given = List.copyOf(this.waiting.values());
			this.waiting.clear();
		}
		given.forEach((event) -> event.acknowledged.completeExceptionally(new EventRefusedException(
				EventRefusedException.CLOSED, "the agent was closed before the event was acknowledged")));
	}

}
