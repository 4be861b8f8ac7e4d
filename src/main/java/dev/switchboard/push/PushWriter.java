package dev.switchboard.push;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.switchboard.database.Batcher;
import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.routing.DirectoryQueries;
import dev.switchboard.time.TimeLimit;
import io.r2dbc.spi.R2dbcDataIntegrityViolationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Stores pushes in batches, one batch at a time, in the order in which they came. So this
 * node counts exactly what waits for an agent. Several nodes that store pushes of one
 * agent at the same moment may exceed its limit by what they store at that moment.
 * Thread-safe.
 */
final class PushWriter {

	private static final Logger logger = LoggerFactory.getLogger(PushWriter.class);

	private static final int MAX_BATCH = 100;

	/** The most bytes of payload in one statement, so that it fits into one packet. */
	private static final int MAX_BYTES = 1024 * 1024;

	/** The most bytes of payload that wait to be stored. */
	private static final long MAX_QUEUED = 32 * 1024 * 1024;

	private final Database database;

	private final Function<List<AgentId>, Mono<List<AgentId>>> known;

	private final PushSettings settings;

	private final TenantAmounts amounts;

	private final DurablePushMetrics metrics;

	private final Consumer<PushNotice> notices;

	private final AtomicLong queuedBytes = new AtomicLong();

	private final Batcher<PushRequest> batches = new Batcher<>(MAX_BATCH, 1, (_) -> Duration.ZERO, this::send);

	/**
	 * Makes an empty queue.
	 * @param known finds those of some agents that were seen before
	 * @param notices takes a notice of each stored push
	 */
	PushWriter(Database database, Function<List<AgentId>, Mono<List<AgentId>>> known, PushSettings settings,
			TenantAmounts amounts, DurablePushMetrics metrics, Consumer<PushNotice> notices) {
		this.database = database;
		this.known = known;
		this.settings = settings;
		this.amounts = amounts;
		this.metrics = metrics;
		this.notices = notices;
		metrics.gauge("switchboard.pushes.queue", "Durable pushes that wait to be stored", this.batches::depth);
	}

	/**
	 * Stores a push.
	 * @return its id, or the id of an earlier push with its key; an error of
	 * {@link ProblemException} if none is stored
	 */
	Mono<CallId> store(DurablePush push) {
		return Mono.defer(() -> {
			PushRequest request = new PushRequest(push);
			if (this.queuedBytes.get() > MAX_QUEUED) {
				this.metrics.refused("node");
				return Mono
					.error(new ProblemException(Problem.UNAVAILABLE, "Too many pushes wait to be stored by this node"));
			}
			this.queuedBytes.addAndGet(request.size());
			this.batches.add(request);
			this.batches.sendNext();
			return request.answer()
				.timeout(TimeLimit.of(DirectoryQueries.LONGEST_SILENCE), Mono.error(request::unanswered));
		});
	}

	private Mono<Void> send(List<PushRequest> batch) {
		List<PushRequest> later = new ArrayList<>();
		return Mono.defer(() -> store(batch.stream().filter(PushRequest::isOpen).toList(), later))
			.doOnError((failure) -> logger.debug("Pushes not stored: {}", failure.toString()))
			.onErrorComplete()
			.doOnTerminate(() -> end(batch, later));
	}

	private Mono<Void> store(List<PushRequest> open, List<PushRequest> later) {
		return ofKnownAgents(open).flatMap((requests) -> requests.isEmpty() ? Mono.empty()
				: this.database
					.request("push-check",
							(connection) -> PushCheck.read(connection, requests, this.settings, this.amounts,
									this.metrics))
					.map((check) -> check.accept(requests, later))
					.flatMap(this::insertAll));
	}

	private Mono<List<PushRequest>> ofKnownAgents(List<PushRequest> open) {
		List<AgentId> agents = open.stream().map(PushRequest::agent).distinct().toList();
		return (agents.isEmpty() ? Mono.just(agents) : this.known.apply(agents)).map((known) -> {
			open.stream()
				.filter((request) -> !known.contains(request.agent()))
				.forEach((request) -> request.refuse(DirectoryQueries.agentUnknown()));
			return open.stream().filter((request) -> known.contains(request.agent())).toList();
		});
	}

	private Mono<Void> insertAll(List<PushRequest> accepted) {
		return Flux.fromIterable(chunks(accepted)).concatMap((chunk) -> insert(chunk)).then();
	}

	private static List<List<PushRequest>> chunks(List<PushRequest> requests) {
		List<List<PushRequest>> chunks = new ArrayList<>();
		long bytes = MAX_BYTES;
		for (PushRequest request : requests) {
			if (bytes + request.size() > MAX_BYTES) {
				chunks.add(new ArrayList<>());
				bytes = 0;
			}
			chunks.getLast().add(request);
			bytes += request.size();
		}
		return chunks;
	}

	private Mono<Void> insert(List<PushRequest> chunk) {
		List<PushRequest> begun = chunk.stream().filter(PushRequest::begin).toList();
		if (begun.isEmpty()) {
			return Mono.empty();
		}
		return inserted(begun).doOnError(DatabaseUnavailableException.class, (failure) -> {
			if (failure.isUnsent()) {
				begun.forEach(PushRequest::notBegun);
			}
		}).flatMap((inserted) -> inserted ? stored(begun) : insertEach(begun));
	}

	private Mono<Boolean> inserted(List<PushRequest> requests) {
		List<DurablePush> pushes = requests.stream().map(PushRequest::push).toList();
		return this.database.request("push",
				(connection) -> PushTable.insert(connection, pushes)
					.thenReturn(true)
					.onErrorReturn(R2dbcDataIntegrityViolationException.class, false));
	}

	/** Inserts pushes one by one, after a key of one of them turned out to be taken. */
	private Mono<Void> insertEach(List<PushRequest> requests) {
		return Flux.fromIterable(requests)
			.concatMap((request) -> inserted(List.of(request))
				.flatMap((inserted) -> inserted ? stored(List.of(request)) : repeated(request)))
			.then();
	}

	private Mono<Void> repeated(PushRequest request) {
		return this.database
			.request("push-check",
					(connection) -> PushTable.holders(connection,
							List.of(Objects.requireNonNull(request.push().scope()))))
			.doOnNext((found) -> found.forEach((holder) -> PushCheck.repeat(request, holder)))
			.then();
	}

	private Mono<Void> stored(List<PushRequest> requests) {
		this.metrics.stored(requests.size());
		return replaceEarlier(requests).onErrorComplete().doOnTerminate(() -> requests.forEach((request) -> {
			request.stored(request.push().id());
			this.notices.accept(new PushNotice(request.agent(), request.push().id()));
		}));
	}

	/**
	 * Ends the waiting pushes that these replace. If the database does not do it, the
	 * agent gets the earlier ones, too, before these.
	 */
	private Mono<Void> replaceEarlier(List<PushRequest> requests) {
		List<AgentId> agents = requests.stream()
			.filter((request) -> request.push().collapseKey() != null)
			.map(PushRequest::agent)
			.distinct()
			.toList();
		return agents.isEmpty() ? Mono.empty()
				: this.database
					.request("push-replace",
							(connection) -> PushTable.collapsible(connection, agents)
								.map(CollapsiblePush::replaced)
								.filter((replaced) -> !replaced.isEmpty())
								.flatMap((replaced) -> PushTable.end(connection, replaced, PushOutcome.REPLACED))
								.doOnNext((replaced) -> this.metrics.ended(PushOutcome.REPLACED, replaced)))
					.then();
	}

	/** Answers what the database has not answered. */
	private void end(List<PushRequest> batch, List<PushRequest> later) {
		batch.stream().filter((request) -> !later.contains(request)).forEach((request) -> {
			this.queuedBytes.addAndGet(-request.size());
			if (request.isOpen()) {
				request.refuse(request.unanswered());
			}
		});
		later.forEach(this.batches::add);
	}

}
