package dev.switchboard.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.GatewayProcess;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.CallId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Callers whose calls go into the history. Thread-safe. */
final class ClusterCallers implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	/**
	 * The time that a call may take beyond its own wait; a call that takes longer has no
	 * end in the history.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration RETRY_PAUSE = Duration.ofMillis(200);

	private static final String PROBLEM = "urn:switchboard:problem:";

	private final AtomicLong made = new AtomicLong();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(Duration.ofSeconds(5))
		.build();

	private final History history;

	private final Access access;

	ClusterCallers(History history, Access access) {
		this.history = history;
		this.access = access;
	}

	/**
	 * Makes a call at a node.
	 * @return its end; it fails if none came in time
	 */
	CompletableFuture<Ending> call(GatewayProcess at, ClusterCall call) {
		long number = this.made.incrementAndGet();
		HttpRequest.Builder request = HttpRequest.newBuilder(at.api(call.path()))
			.timeout(call.patience().plus(PATIENCE))
			.POST(BodyPublishers.ofString(call.body()));
		call.headers().forEach(request::header);
		this.access.callers().forEach(request::header);
		this.history.add(new Entry.Begun(number, call.to(), call.key(), call.nonce()));
		return this.http.sendAsync(request.build(), BodyHandlers.ofString())
			.thenApply(ClusterCallers::read)
			.exceptionally(ClusterCallers::lost)
			.whenComplete((ending, failure) -> {
				if (failure == null) {
					this.history.add(new Entry.Ended(number, ending));
				}
			});
	}

	/**
	 * Makes a call as {@link #call} does, and again, as another call, for as long as it
	 * was not sent because something is unavailable.
	 */
	CompletableFuture<Ending> callUntilSent(GatewayProcess at, ClusterCall call, int tries) {
		return call(at, call).thenCompose((ending) -> {
			if (tries <= 1 || !"unavailable".equals(ending.problem())) {
				return CompletableFuture.completedFuture(ending);
			}
			CompletableFuture<Ending> again = new CompletableFuture<>();
			later(RETRY_PAUSE, () -> callUntilSent(at, call.again(), tries - 1).whenComplete((next, failure) -> {
				if (failure != null) {
					again.completeExceptionally(failure);
				}
				else {
					again.complete(next);
				}
			}));
			return again;
		});
	}

	/** Sends a request without a body, with the callers' credentials. */
	HttpResponse<String> send(String method, URI uri) {
		HttpRequest.Builder request = HttpRequest.newBuilder(uri)
			.timeout(PATIENCE)
			.method(method, BodyPublishers.noBody());
		this.access.callers().forEach(request::header);
		try {
			return this.http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A node's answer to a GET. */
	JsonNode get(GatewayProcess at, String path) {
		return JSON.readTree(send("GET", at.api(path)).body());
	}

	/** Runs something after a pause. */
	static void later(Duration pause, Runnable task) {
		CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS).execute(task);
	}

	/** The caller has lost its node, or the network to it. A time-out is not an end. */
	private static Ending lost(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof IOException && !(cause instanceof HttpTimeoutException)) {
			return Ending.lost();
		}
		throw new CompletionException(cause);
	}

	private static Ending read(HttpResponse<String> response) {
		JsonNode body = JSON.readTree(response.body());
		Outcome outcome = Outcome.of(body.path("outcome").asString(""));
		if (outcome == Outcome.COMPLETED) {
			return Ending.completed(CallId.parse(body.path("id").asString("")), answer(body.path("payload")));
		}
		return Ending.failed(outcome, body.path("type").asString("").replace(PROBLEM, ""),
				body.path("detail").asString(null));
	}

	private static Ending.Answer answer(JsonNode payload) {
		return new Ending.Answer(payload.path("agent").asString(""), payload.path("nonce").asString(""),
				payload.path("result").asString(""));
	}

	@Override
	public void close() {
		this.http.shutdownNow();
	}

}
