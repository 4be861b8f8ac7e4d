package dev.switchboard.agent;

import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A listener that keeps the events for a test. */
final class RecordedEvents implements AgentListener {

	private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

	@Override
	public void connected(Connected event) {
		this.events.add(event);
	}

	@Override
	public void disconnected(Disconnected event) {
		this.events.add(event);
	}

	@Override
	public void replacing(Replacing event) {
		this.events.add(event);
	}

	@Override
	public void connectFailed(ConnectFailed event) {
		this.events.add(event);
	}

	/** The next event, which is of this type. */
	<T> T next(Class<T> type) throws InterruptedException {
		return type.cast(Objects.requireNonNull(this.events.poll(20, TimeUnit.SECONDS), "no event came"));
	}

	boolean isEmpty() {
		return this.events.isEmpty();
	}

}
