package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.database.DirectoryUnavailableException;
import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.routing.Presence;
import reactor.core.publisher.Mono;

import org.springframework.stereotype.Service;

/**
 * Calls that outlive their request: asynchronous ones, and those with a key, which run at
 * most once. While one runs it is in memory; how it ended is in the directory, for five
 * minutes, or 24 hours with a key. Where the directory is away, asynchronous calls
 * without a key go on and stay in memory.
 */
@Service
public final class RecordedCalls {

	private static final Duration KEEP_ASYNC = Duration.ofMinutes(5);

	private static final Duration KEEP_KEYED = Duration.ofHours(24);

	private final RunningCalls running;

	private final CallService calls;

	private final CallRecords records;

	private final RecordedCallFinder finder;

	RecordedCalls(CallService calls, CallRecords records, RunningCalls running, RecordedCallFinder finder) {
		this.calls = calls;
		this.records = records;
		this.running = running;
		this.finder = finder;
	}

	/**
	 * Starts a call, or finds the one that its key names.
	 * @return the call, running or ended; an error of {@link ProblemException} if it may
	 * not run
	 */
	public Mono<RecordedCall> start(CallRequest request, ChunkReceiver chunks) {
		Mono<CallRecord> begun = this.records.begin(newCall(request),
				Presence.patience(request.options().timeToLive()));
		// Known here before anywhere, so that whoever finds its record finds it.
		RunningCall call = new RunningCall(request.id(), request.agent().tenant());
		this.running.add(call);
		if (request.options().idempotencyKey() == null) {
			run(call, request, chunks, begun.then().onErrorComplete());
			return Mono.just(call);
		}
		// Cached, because what has begun goes on without its caller.
		Mono<RecordedCall> started = begun.doOnError((_) -> giveUp(call))
			.onErrorMap(DirectoryUnavailableException.class, Presence::directoryDown)
			.flatMap((record) -> runOrJoin(call, request, chunks, record))
			.cache();
		started.subscribe((_) -> {
		}, (_) -> {
		});
		return started;
	}

	private Mono<RecordedCall> runOrJoin(RunningCall call, CallRequest request, ChunkReceiver chunks,
			CallRecord record) {
		if (record.id().equals(call.id())) {
			run(call, request, chunks, Mono.empty());
			return Mono.just(call);
		}
		this.running.remove(call);
		return join(request, record);
	}

	// The directory may store it yet, after it was given up: then it would hold its key.
	private void giveUp(RunningCall call) {
		this.running.remove(call);
		this.records.forget(call.id()).onErrorComplete().subscribe();
	}

	private static NewCall newCall(CallRequest request) {
		return new NewCall(request.id(), request.agent(), request.caller(), request.options().idempotencyKey(),
				bodyHash(request),
				request.options().timeToLive().plus(request.options().connectWait()).plus(keep(request)));
	}

	private static Sha256 bodyHash(CallRequest request) {
		Payload body = request.body();
		return Sha256.of(body.toBytes());
	}

	private static Duration keep(CallRequest request) {
		return (request.options().idempotencyKey() != null) ? KEEP_KEYED : KEEP_ASYNC;
	}

	private void run(RunningCall call, CallRequest request, ChunkReceiver chunks, Mono<Void> begun) {
		Mono<Void> stored = begun.cache();
		stored.subscribe();
		call.outcome()
			.flatMap((outcome) -> stored.then(store(request, outcome)))
			.defaultIfEmpty(false)
			.onErrorReturn(false)
			.subscribe((kept) -> forget(call, kept));
		call.start(this.calls.call(request, chunks)
			.map((answer) -> CallOutcome.of(request.id(), answer))
			.onErrorResume(ProblemException.class, (ex) -> Mono.just(CallOutcome.of(request.id(), ex))));
	}

	// A key whose call surely never ran is free again.
	private Mono<Boolean> store(CallRequest request, CallOutcome outcome) {
		boolean freed = request.options().idempotencyKey() != null && outcome.outcome() == Outcome.NOT_SENT;
		return freed ? this.records.forget(request.id()).thenReturn(false)
				: this.records.end(request.id(), outcome.resource(), keep(request));
	}

	// What the directory does not keep can be asked for here, for as long as it would.
	private void forget(RunningCall call, boolean kept) {
		Duration delay = kept ? Duration.ZERO : KEEP_ASYNC;
		Mono.delay(delay).subscribe((_) -> this.running.remove(call));
	}

	private Mono<RecordedCall> join(CallRequest request, CallRecord record) {
		if (!record.bodyHash().equals(bodyHash(request))) {
			return Mono.error(new ProblemException(Problem.IDEMPOTENCY_MISMATCH, "The key was used with another body"));
		}
		return this.finder.find(record);
	}

}
