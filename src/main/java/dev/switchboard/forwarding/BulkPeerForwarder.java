package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.switchboard.json.Payload;
import dev.switchboard.loop.OnLoop;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.routing.ForwardException;
import dev.switchboard.routing.Verb;
import dev.switchboard.time.TimeSource;
import io.netty.channel.EventLoop;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * Sends many verbs to other nodes, all of them that go to one node in one HTTP/2 request.
 * A node of an older version refuses such a request unread. Then each verb goes to it in
 * a request of its own. The state belongs to one event loop.
 */
final class BulkPeerForwarder implements BulkForwarder {

	private final Peers peers;

	private final PeerForwarder single;

	private final ForwardingMetrics metrics;

	private final TimeSource time;

	private final EventLoop loop;

	private final long endNanos;

	private final Map<NodeId, VerbStream> streams = new HashMap<>();

	/** The nodes that do not take many verbs in one request. */
	private final Set<NodeId> older = new HashSet<>();

	/**
	 * The requests that have not ended. A node may have several, of which all but one
	 * leave.
	 */
	private final Set<VerbStream> open = new HashSet<>();

	private boolean closed;

	BulkPeerForwarder(Peers peers, Duration timeToLive, ForwardingMetrics metrics, TimeSource time) {
		this.peers = peers;
		this.single = new PeerForwarder(peers);
		this.metrics = metrics;
		this.time = time;
		this.loop = peers.loop();
		this.endNanos = time.nanoTime() + timeToLive.toNanos();
	}

	void onLoop(Runnable task) {
		OnLoop.run(this.loop, task);
	}

	long nanoTime() {
		return this.time.nanoTime();
	}

	@Override
	public <T> Mono<T> forward(NodeRecord node, Verb<T> verb) {
		VerbCodec<Verb<T>, T> codec = VerbCodecs.of(verb);
		return (codec instanceof BulkCodec<Verb<T>, T> bulk) ? Mono.fromDirect((waiter) -> {
			CoreSubscriber<? super T> subscriber = Operators.toCoreSubscriber(waiter);
			subscriber.onSubscribe(new BulkVerb<>(node, verb, bulk, subscriber, this));
		}) : this.single.forward(node, verb);
	}

	@Override
	public Mono<Payload> ask(NodeRecord node, String kind, String subject, Duration timeToLive) {
		return this.single.ask(node, kind, subject, timeToLive);
	}

	/** Begins a verb, in the request to its node. */
	void begin(BulkVerb<?, ?> verb) {
		if (this.closed) {
			verb.fail(new ForwardException(ForwardException.Reason.UNSENT));
			return;
		}
		if (this.older.contains(verb.node().id())) {
			verb.goAlone(this.single);
			return;
		}
		VerbStream stream = this.streams.get(verb.node().id());
		if (stream == null || !stream.isUsable()) {
			stream = open(verb.node());
		}
		stream.begin(verb);
	}

	private VerbStream open(NodeRecord node) {
		VerbStream stream = new VerbStream(this);
		this.streams.put(node.id(), stream);
		this.open.add(stream);
		this.metrics.streamOpened();
		Duration left = Duration.ofNanos(Math.max(1, this.endNanos - nanoTime()));
		stream.open(this.peers.send(node, new PeerRequest<>(VerbMessages.KIND, null, left, stream, stream::read),
				this.loop));
		return stream;
	}

	/**
	 * Sends a verb that its node has not understood among many in a request of its own.
	 */
	void sendAlone(BulkVerb<?, ?> verb) {
		this.older.add(verb.node().id());
		verb.goAlone(this.single);
	}

	/** Called once when a request has ended. */
	void ended(VerbStream stream) {
		if (this.open.remove(stream)) {
			this.metrics.streamClosed();
		}
	}

	@Override
	public void close() {
		onLoop(() -> {
			if (!this.closed) {
				this.closed = true;
				List.copyOf(this.open).forEach(VerbStream::close);
			}
		});
	}

}
