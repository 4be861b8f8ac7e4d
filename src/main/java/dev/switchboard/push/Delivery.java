package dev.switchboard.push;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.PushOutlet;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * The pushes that are on their way on one connection. It exists only while there are
 * some. Sends what waits in the order in which it was stored, a window at a time, and
 * reads more when half of the window is free. Used on the connection's event loop only.
 */
final class Delivery {

	/**
	 * The most pushes that are left out of a reading. If acknowledgements are not stored,
	 * nothing more is read.
	 */
	private static final int MAX_KNOWN = 200;

	private final AgentConnection connection;

	private final AgentId agent;

	private final PushOutlet outlet;

	private final int window;

	private final Source source;

	/** The pushes that were sent, or wait for the socket, and are not acknowledged. */
	private final Set<CallId> underway = new LinkedHashSet<>();

	/** The pushes whose acknowledgements are not stored yet. */
	private final Set<CallId> unstored = new HashSet<>();

	private final Deque<WaitingPush> ready = new ArrayDeque<>();

	private boolean reading;

	private boolean blocked;

	private boolean mayBeMore;

	private boolean verify;

	private boolean ended;

	/** Where the pushes come from, and where it is recorded what has become of them. */
	interface Source {

		/** Reads what waits for an agent; never fails. */
		Mono<List<WaitingPush>> next(Delivery delivery, Set<CallId> without, int limit);

		/** Finds those pushes that still wait; never fails. */
		Mono<Set<CallId>> stillWaiting(Delivery delivery, Set<CallId> pushes);

		/** Records that a push was handed to the socket. */
		void sent(CallId push);

		/** Called when nothing is on its way any more. */
		void idle(Delivery delivery);

	}

	Delivery(AgentConnection connection, int window, Source source) {
		this.connection = connection;
		this.agent = connection.agent();
		this.outlet = new PushOutlet(connection);
		this.window = window;
		this.source = source;
	}

	AgentConnection connection() {
		return this.connection;
	}

	AgentId agent() {
		return this.agent;
	}

	int underway() {
		return this.underway.size();
	}

	/** Whether the connection has not ended. Thread-safe. */
	boolean isWanted() {
		return !this.connection.isClosing();
	}

	/** Called when something may wait for the agent. */
	void look() {
		this.mayBeMore = true;
		// Some of those on their way may have ended without an acknowledgement.
		this.verify = this.underway.size() > this.window / 2;
		this.outlet.onceSure(this::step);
	}

	/**
	 * Takes an acknowledgement.
	 * @return whether the push was on its way
	 */
	boolean acknowledged(CallId push) {
		if (!this.underway.remove(push)) {
			return false;
		}
		this.unstored.add(push);
		return true;
	}

	/**
	 * Called when an acknowledgement is stored, or dropped. If it was dropped, its push
	 * is sent again.
	 */
	void settled(CallId push, boolean stored) {
		this.unstored.remove(push);
		this.mayBeMore |= !stored;
		step();
	}

	/**
	 * Called when the connection has ended.
	 * @return whether pushes may wait that this connection was to send
	 */
	boolean end() {
		this.ended = true;
		this.ready.clear();
		return this.mayBeMore || this.reading || !this.underway.isEmpty();
	}

	/** Does the next thing that can be done. */
	void step() {
		sendReady();
		if (this.ended || this.reading || !this.ready.isEmpty()) {
			return;
		}
		if (this.mayBeMore && this.verify) {
			verify();
		}
		else if (this.mayBeMore && hasRoom()) {
			read();
		}
		else if (!this.mayBeMore && this.underway.isEmpty() && this.unstored.isEmpty()) {
			this.source.idle(this);
		}
	}

	private boolean hasRoom() {
		return this.underway.size() <= this.window / 2 && this.underway.size() + this.unstored.size() < MAX_KNOWN;
	}

	private void verify() {
		this.verify = false;
		this.reading = true;
		this.source.stillWaiting(this, Set.copyOf(this.underway)).subscribe((waiting) -> onLoop(() -> {
			this.underway.retainAll(waiting);
			this.reading = false;
			step();
		}));
	}

	private void read() {
		this.mayBeMore = false;
		this.reading = true;
		Set<CallId> known = new HashSet<>(this.underway);
		known.addAll(this.unstored);
		int limit = this.window - this.underway.size();
		this.source.next(this, known, limit).subscribe((found) -> onLoop(() -> {
			this.ready.addAll(found);
			this.mayBeMore |= found.size() == limit;
			this.reading = false;
			step();
		}));
	}

	private void sendReady() {
		while (!this.ready.isEmpty() && !this.blocked && !this.ended) {
			WaitingPush push = this.ready.element();
			this.underway.add(push.id());
			switch (this.outlet.offer(push.frame(), () -> this.source.sent(push.id()))) {
				case SENT, TOO_LARGE -> this.ready.remove();
				case FULL -> awaitRoom(push);
				case CLOSING -> {
					this.ended = true;
					this.ready.clear();
				}
			}
		}
	}

	private void awaitRoom(WaitingPush push) {
		this.underway.remove(push.id());
		this.blocked = true;
		this.outlet.onceWritten(() -> {
			this.blocked = false;
			step();
		});
	}

	private void onLoop(Runnable task) {
		this.connection.onLoop(() -> {
			if (!this.ended) {
				task.run();
			}
		});
	}

}
