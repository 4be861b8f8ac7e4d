package dev.switchboard.agent;

import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Queues messages for one socket, which takes one message at a time
 * ({@link WebSocket#sendText}). Drops messages once the socket is closed. Thread-safe.
 */
final class Outbox {

	private static final int ROOM = 1 << 20;

	private final Deque<byte[]> queue = new ArrayDeque<>();

	private final Runnable broken;

	private @Nullable WebSocket socket;

	private @Nullable String farewell;

	private int farewellCode;

	private long waitingBytes;

	private boolean writing;

	private boolean ended;

	/**
	 * @param broken called once, when a write has failed
	 */
	Outbox(Runnable broken) {
		this.broken = broken;
	}

	synchronized void open(WebSocket opened) {
		this.socket = opened;
	}

	/** Queues a message; never blocks. */
	void send(byte[] message) {
		if (add(message)) {
			pump();
		}
	}

	/** Queues a message. Blocks while a slow gateway leaves no room for it. */
	void sendWhenRoom(byte[] message) throws InterruptedException {
		awaitRoom();
		send(message);
	}

	/** Closes the socket when all queued messages have been written. */
	void close(int code, String reason) {
		synchronized (this) {
			if (this.farewell == null) {
				this.farewell = reason;
				this.farewellCode = code;
			}
		}
		pump();
	}

	/** Drops the queued messages and all later ones. */
	synchronized void discard() {
		this.ended = true;
		this.queue.clear();
		this.waitingBytes = 0;
		notifyAll();
	}

	private synchronized void awaitRoom() throws InterruptedException {
		while (!this.ended && this.waitingBytes > ROOM) {
			wait();
		}
	}

	private synchronized boolean add(byte[] message) {
		if (this.ended || this.farewell != null) {
			return false;
		}
		this.waitingBytes += message.length;
		return this.queue.add(message);
	}

	// A loop and not a recursion, which many writes that complete immediately would make
	// too deep.
	private void pump() {
		CompletableFuture<?> write = next();
		while (write != null) {
			if (!write.isDone()) {
				write.whenComplete((ignored, failure) -> {
					written(failure != null);
					pump();
				});
				return;
			}
			written(write.isCompletedExceptionally());
			write = next();
		}
	}

	private synchronized @Nullable CompletableFuture<?> next() {
		if (this.ended || this.writing || this.socket == null) {
			return null;
		}
		byte[] message = this.queue.poll();
		if (message != null) {
			this.writing = true;
			this.waitingBytes -= message.length;
			return this.socket.sendText(new String(message, StandardCharsets.UTF_8), true);
		}
		if (this.farewell == null) {
			return null;
		}
		this.ended = true;
		return this.socket.sendClose(this.farewellCode, this.farewell);
	}

	private void written(boolean failed) {
		synchronized (this) {
			this.writing = false;
			notifyAll();
		}
		if (failed) {
			discard();
			this.broken.run();
		}
	}

}
