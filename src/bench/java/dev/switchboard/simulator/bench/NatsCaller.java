package dev.switchboard.simulator.bench;

import dev.switchboard.simulator.bench.NatsOperation.Message;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request after the other over its connection, and gets each answer in an inbox
 * of the request's own, as NATS's client libraries do. Runs on the connection's event
 * loop; {@link #begin} and {@link #expire} are for other threads.
 */
final class NatsCaller implements NatsClient {

	private final String inboxes;

	private volatile @Nullable NatsConnection connection;

	private @Nullable Request pending;

	/** A request that has no answer yet. */
	private record Request(BenchRun<NatsRequests> run, long number, long dueNanos, long sentNanos) {

	}

	/**
	 * Makes a caller that is not connected yet.
	 * @param number this caller's own
	 */
	NatsCaller(int number) {
		this.inboxes = "_INBOX.caller-" + number + ".";
	}

	@Override
	public String subject() {
		return this.inboxes + "*";
	}

	@Override
	public void opened(NatsConnection opened) {
		this.connection = opened;
	}

	/** Takes part in the run until its schedule, or the connection, ends. */
	void begin(BenchRun<NatsRequests> run) {
		NatsConnection open = this.connection;
		if (open == null) {
			run.callerDone();
		}
		else {
			open.channel().eventLoop().execute(() -> next(open, run));
		}
	}

	private void next(NatsConnection open, BenchRun<NatsRequests> run) {
		run.next(open.channel().eventLoop(), (number, due) -> send(open, run, number, due));
	}

	private void send(NatsConnection open, BenchRun<NatsRequests> run, long number, long due) {
		this.pending = new Request(run, number, due, System.nanoTime());
		run.workload().publish(open, number, this.inboxes + number);
		open.channel().flush();
	}

	@Override
	public void received(NatsConnection open, Message answer) {
		Request request = this.pending;
		if (request != null && answer.subject().equals(this.inboxes + request.number())) {
			end(request, request.run().workload().check(request.number(), answer));
			next(open, request.run());
		}
	}

	private void end(Request request, Verdict verdict) {
		this.pending = null;
		request.run().measurement().record(verdict, System.nanoTime() - request.dueNanos());
	}

	@Override
	public void lost() {
		this.connection = null;
		Request request = this.pending;
		if (request != null) {
			end(request, new Verdict.Failure("connection lost"));
			request.run().callerDone();
		}
	}

	/**
	 * Gives up a request that has been waiting for longer, and with it the connection.
	 */
	void expire(long nanos) {
		NatsConnection open = this.connection;
		if (open == null) {
			return;
		}
		open.channel().eventLoop().execute(() -> {
			if (this.pending != null && System.nanoTime() - this.pending.sentNanos() > nanos) {
				var _ = open.channel().close();
			}
		});
	}

}
