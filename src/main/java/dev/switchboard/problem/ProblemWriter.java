package dev.switchboard.problem;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

import dev.switchboard.json.Payload;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Writes problems as HTTP responses, the same way on every listener. Each 429 and 503
 * gets a {@code Retry-After} of at least one second, chosen at random, so that clients
 * that were refused together do not return together. A 401 without a challenge gets
 * {@code WWW-Authenticate: Bearer}. Thread-safe.
 */
public final class ProblemWriter {

	private final Chance chance;

	private final Duration retryWithin;

	/**
	 * @param retryWithin the time over which retries are spread, unless the
	 * {@link ProblemException} gives a time
	 */
	public ProblemWriter(Chance chance, Duration retryWithin) {
		this.chance = chance;
		this.retryWithin = retryWithin;
	}

	/** Writes the problem. Headers that the response has already are kept. */
	public Mono<Void> write(ServerHttpResponse response, ProblemException problem) {
		return write(response, problem.problem().status(), problem.retryWithin(), Payload.of(problem.toJson()));
	}

	/** Writes a problem whose JSON object exists already. */
	public Mono<Void> write(ServerHttpResponse response, int status, Payload json) {
		return write(response, status, null, json);
	}

	private Mono<Void> write(ServerHttpResponse response, int status, @Nullable Duration retryWithin, Payload json) {
		response.setRawStatusCode(status);
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.setContentLength(json.length());
		if (status == 429 || status == 503) {
			headers.set(HttpHeaders.RETRY_AFTER, retryAfter((retryWithin != null) ? retryWithin : this.retryWithin));
		}
		if (status == 401) {
			headers.putIfAbsent(HttpHeaders.WWW_AUTHENTICATE, List.of("Bearer"));
		}
		return response.writeWith(Mono.fromSupplier(
				() -> response.bufferFactory().wrap(ByteBuffer.wrap(json.bytes(), json.offset(), json.length()))));
	}

	private String retryAfter(Duration within) {
		return Long.toString(1 + (long) (this.chance.fraction() * within.toMillis() / 1000));
	}

}
