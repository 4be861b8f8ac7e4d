package dev.switchboard.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.database.Batcher;
import dev.switchboard.directory.AgentRecord;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.routing.Forwarder;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Notifies the nodes that hold agents that pushes wait for these. The directory is read
 * after a push was stored. So either it names the node that holds the agent, or the
 * agent's next claim is stored later, and its node then finds the push. Thread-safe.
 */
final class PushNotices {

	private static final Logger logger = LoggerFactory.getLogger(PushNotices.class);

	/** The kind of the requests that carry notices to other nodes. */
	static final String KIND = "pushes";

	/** The most agents in one request; even the longest names fit into it. */
	private static final int MAX_BATCH = 100;

	private static final int LANES = 2;

	/** The most notices that wait. The sweep finds the pushes of further ones. */
	private static final int MAX_QUEUED = 10_000;

	private static final int RETRIES = 3;

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final NodeId self;

	private final PushSender sender;

	private final Function<List<AgentId>, Mono<List<AgentRecord>>> locate;

	private final Forwarder forwarder;

	private final PushMarks marks;

	private final DurablePushMetrics metrics;

	private final Backoff backoff;

	private final Batcher<PushNotice> batches = new Batcher<>(MAX_BATCH, LANES, (_) -> Duration.ZERO, this::send);

	/**
	 * Makes an empty queue.
	 * @param locate finds agents in the directory, as it is after the subscription
	 */
	PushNotices(NodeId self, PushSender sender, Function<List<AgentId>, Mono<List<AgentRecord>>> locate,
			Forwarder forwarder, PushMarks marks, DurablePushMetrics metrics, Chance chance) {
		this.self = self;
		this.sender = sender;
		this.locate = locate;
		this.forwarder = forwarder;
		this.marks = marks;
		this.metrics = metrics;
		this.backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2), chance);
		metrics.gauge("switchboard.pushes.notices.queue", "Notices of stored pushes that wait to be sent",
				this.batches::depth);
	}

	/** Takes a notice. A push whose notice is lost is announced by the sweep. */
	void add(PushNotice notice) {
		if (this.batches.depth() >= MAX_QUEUED) {
			this.metrics.failedNotice();
			return;
		}
		this.batches.add(notice);
		this.batches.sendNext();
	}

	/** Answers another node's request. */
	Mono<Payload> receive(String subject) {
		for (String name : subject.split(" ", -1)) {
			this.sender.look(AgentId.parse(name));
		}
		return Mono.just(Payload.TRUE);
	}

	private Mono<Void> send(List<PushNotice> batch) {
		Map<AgentId, List<PushNotice>> elsewhere = new HashMap<>();
		for (PushNotice notice : batch) {
			if (this.sender.look(notice.agent())) {
				announced(notice);
			}
			else {
				elsewhere.computeIfAbsent(notice.agent(), (_) -> new ArrayList<>()).add(notice);
			}
		}
		return elsewhere.isEmpty() ? Mono.empty()
				: Mono.defer(() -> sendElsewhere(elsewhere))
					.retryWhen(this.backoff.atMost(RETRIES, (_) -> true))
					.doOnError((failure) -> {
						logger.debug("Agents' nodes not notified of pushes: {}", failure.toString());
						elsewhere.values().forEach((notices) -> notices.forEach((_) -> this.metrics.failedNotice()));
					});
	}

	private void announced(PushNotice notice) {
		if (notice.push() != null) {
			this.marks.announced(notice.push());
		}
	}

	/**
	 * Notifies other nodes. The agents whose nodes have taken the notice, and those that
	 * no other node holds, are removed from the map.
	 */
	private Mono<Void> sendElsewhere(Map<AgentId, List<PushNotice>> notices) {
		return this.locate.apply(List.copyOf(notices.keySet())).flatMap((found) -> {
			Map<NodeRecord, List<AgentId>> holders = found.stream()
				.filter((agent) -> agent.node() != null && !agent.node().id().equals(this.self))
				.collect(Collectors.groupingBy(AgentRecord::node,
						Collectors.mapping(AgentRecord::agent, Collectors.toList())));
			List<AgentId> others = new ArrayList<>(notices.keySet());
			holders.values().forEach(others::removeAll);
			done(notices, others);
			return Flux.fromIterable(holders.entrySet())
				.flatMapDelayError((holder) -> ask(holder.getKey(), holder.getValue())
					.then(Mono.fromRunnable(() -> done(notices, holder.getValue()))), LANES, LANES)
				.then();
		});
	}

	private Mono<Payload> ask(NodeRecord node, List<AgentId> agents) {
		String subject = agents.stream().map(AgentId::toString).collect(Collectors.joining(" "));
		return this.forwarder.ask(node, KIND, subject, LIMIT);
	}

	private void done(Map<AgentId, List<PushNotice>> notices, List<AgentId> agents) {
		synchronized (notices) {
			for (AgentId agent : agents) {
				List<PushNotice> sent = notices.remove(agent);
				if (sent != null) {
					sent.forEach(this::announced);
				}
			}
		}
	}

}
