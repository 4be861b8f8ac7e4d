package dev.switchboard.simulator.bench;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.agents.Target;

/** Subscribers of one subject of a NATS server, and who publishes to it. */
final class NatsFanout implements AutoCloseable {

	private static final String SUBJECT = "fleet";

	private final LongAdder received = new LongAdder();

	private final AtomicReference<NatsConnection> publisher = new AtomicReference<>();

	private final int subscribers;

	private final NatsClients clients;

	private final NatsClients publishers;

	/** One that subscribes, and counts what comes. */
	private record Subscriber(LongAdder received) implements NatsClient {

		@Override
		public String subject() {
			return SUBJECT;
		}

		@Override
		public void received(NatsConnection connection, NatsOperation.Message message) {
			this.received.increment();
		}

	}

	/** The one that publishes. */
	private record Publisher(AtomicReference<NatsConnection> connection) implements NatsClient {

		@Override
		public String subject() {
			return "_INBOX.publisher";
		}

		@Override
		public void opened(NatsConnection opened) {
			this.connection.set(opened);
		}

		@Override
		public void received(NatsConnection connection, NatsOperation.Message message) {
			throw new IllegalStateException("nothing is sent to the publisher");
		}

	}

	NatsFanout(NatsServer server, int subscribers, Sockets sockets, StopSignal stop) {
		this.subscribers = subscribers;
		Target target = Target.of(URI.create(server.url()), "ws", "/");
		this.clients = new NatsClients(target, sockets, 2000,
				Collections.nCopies(subscribers, new Subscriber(this.received)));
		this.publishers = new NatsClients(target, sockets, 2000, List.of(new Publisher(this.publisher)));
		this.clients.awaitConnected(stop);
		this.publishers.awaitConnected(stop);
	}

	/**
	 * Publishes messages, so many of which may be on their way, and waits until each has
	 * come to all subscribers.
	 */
	void publish(int messages, int window, String payload, StopSignal stop) throws InterruptedException {
		long before = this.received.sum();
		for (int sent = 0; sent < messages; sent++) {
			awaitReceived(before + (long) (sent - window + 1) * this.subscribers, stop);
			send(payload);
		}
		awaitReceived(before + (long) messages * this.subscribers, stop);
	}

	private void send(String payload) throws InterruptedException {
		NatsConnection open = this.publisher.get();
		CountDownLatch written = new CountDownLatch(1);
		open.channel().eventLoop().execute(() -> {
			open.publish(SUBJECT, payload);
			open.channel().flush();
			written.countDown();
		});
		written.await();
	}

	private void awaitReceived(long count, StopSignal stop) {
		while (this.received.sum() < count) {
			if (stop.await(200, TimeUnit.MICROSECONDS)) {
				throw new IllegalStateException("stopped with " + (count - this.received.sum()) + " messages missing");
			}
		}
	}

	@Override
	public void close() {
		this.publishers.close();
		this.clients.close();
	}

}
