package dev.switchboard.forwarding;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.Verb;
import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * A request of another node that carries many verbs, while this node receives and serves
 * it. Each verb runs at once, and its answer goes back when it comes. The requester alone
 * limits how many verbs run. When the request's stream ends, the verbs that run are
 * cancelled. Belongs to its connection's event loop.
 */
final class InboundVerbs implements Inbound {

	/** The most verbs that run for one request, as a safeguard. */
	private static final int MOST_RUNNING = 100_000;

	private final ConnectionRegistry registry;

	private final ServerStreams streams;

	private final Reply reply;

	private final MessageReader messages;

	private final IntObjectMap<RunningVerb> running = new IntObjectHashMap<>();

	private @Nullable Common<?, ?> common;

	private boolean bodyEnded;

	private boolean closed;

	InboundVerbs(ConnectionRegistry registry, InboundHandler.Head head, Reply reply) {
		this.registry = registry;
		this.streams = head.streams();
		this.reply = reply;
		this.messages = new MessageReader(this.streams.bodyLimit());
	}

	@Override
	public void read(ByteBuf part, boolean last) {
		if (this.closed) {
			return;
		}
		try {
			if (!this.messages.read(part, this::message)) {
				throw new IllegalArgumentException("A message is too long");
			}
		}
		catch (IllegalArgumentException | BufferUnderflowException | JsonException ex) {
			cancelAll();
			this.reply.fail(ex);
		}
		this.bodyEnded = last;
		endIfDone();
	}

	private void message(byte[] bytes) {
		ByteBuffer message = ByteBuffer.wrap(bytes);
		byte type = message.get();
		switch (type) {
			case VerbMessages.COMMON -> this.common = Common.read(message);
			case VerbMessages.BEGIN -> begin(message);
			case VerbMessages.CANCEL -> cancel(message.getInt());
			default -> throw new IllegalArgumentException("A message has the unknown type " + type);
		}
	}

	private void begin(ByteBuffer message) {
		int number = message.getInt();
		Duration timeToLive = Duration.ofMillis(message.getLong());
		CallId id = VerbMessages.id(message);
		AgentId agent = VerbMessages.agent(message);
		if (this.common == null || this.running.containsKey(number)) {
			throw new IllegalArgumentException("A verb begins out of order");
		}
		if (this.streams.takesNoMore()) {
			this.reply.message(VerbMessages.refused(number));
		}
		else if (this.running.size() >= MOST_RUNNING || !this.streams.admits()) {
			this.reply
				.message(VerbMessages.failed(number, new ConnectionException(ConnectionException.Reason.OVERLOADED)));
		}
		else {
			RunningVerb verb = new RunningVerb(number);
			this.running.put(number, verb);
			this.streams.unanswered(1);
			verb.begun(this.common.run(agent, id, timeToLive, this.registry, verb));
		}
	}

	private void cancel(int number) {
		RunningVerb verb = this.running.get(number);
		if (verb != null && remove(verb)) {
			verb.cancel();
		}
	}

	private boolean remove(RunningVerb verb) {
		boolean runs = this.running.remove(verb.number, verb);
		if (runs) {
			this.streams.unanswered(-1);
		}
		return runs;
	}

	private void endIfDone() {
		if (this.bodyEnded && this.running.isEmpty() && !this.closed) {
			this.reply.end();
		}
	}

	@Override
	public void close() {
		this.reply.close();
		cancelAll();
	}

	private void cancelAll() {
		this.closed = true;
		List<RunningVerb> all = new ArrayList<>(this.running.values());
		all.forEach(this::remove);
		all.forEach(RunningVerb::cancel);
	}

	/** What the verbs that follow have in common. */
	private record Common<V extends Verb<T>, T>(BulkCodec<V, T> codec, V verb) {

		private static final AgentId ANY = new AgentId("any", "any");

		static Common<?, ?> read(ByteBuffer message) {
			byte[] kind = new byte[message.get()];
			message.get(kind);
			BulkCodec<?, ?> codec = VerbCodecs.bulk(new String(kind, StandardCharsets.US_ASCII));
			if (codec == null) {
				throw new IllegalArgumentException("A message has verbs of an unknown kind");
			}
			return of(codec, VerbMessages.rest(message));
		}

		private static <V extends Verb<T>, T> Common<V, T> of(BulkCodec<V, T> codec, byte[] body) {
			return new Common<>(codec, codec.decode(ANY, Duration.ofMillis(1), body, (_) -> true));
		}

		Disposable run(AgentId agent, CallId id, Duration timeToLive, ConnectionRegistry registry, VerbReply reply) {
			return RequestHandlers.run(this.codec.forAgent(this.verb, agent, id, timeToLive), this.codec, registry,
					reply);
		}

	}

	/** A verb that runs. Its answer comes on the event loop of the agent's connection. */
	private final class RunningVerb implements VerbReply {

		private final int number;

		private @Nullable Disposable work;

		RunningVerb(int number) {
			this.number = number;
		}

		void begun(Disposable running) {
			this.work = running;
		}

		void cancel() {
			if (this.work != null) {
				this.work.dispose();
			}
		}

		@Override
		public void end(byte[] result) {
			answer(VerbMessages.result(this.number, result));
		}

		@Override
		public void end() {
			answer(VerbMessages.done(this.number));
		}

		@Override
		public void notHere(long epoch) {
			answer(VerbMessages.notHere(this.number, epoch));
		}

		@Override
		public void fail(Throwable failure) {
			answer(VerbMessages.failed(this.number, failure));
		}

		private void answer(byte[] message) {
			InboundVerbs.this.streams.onLoop(() -> {
				if (remove(this)) {
					InboundVerbs.this.reply.message(message);
					endIfDone();
				}
			});
		}

	}

}
