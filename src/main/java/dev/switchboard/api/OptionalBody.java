package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.function.Function;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Reads the small body of a request that may have none. Stateless. */
final class OptionalBody {

	private static final int LIMIT = 1024;

	private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

	private OptionalBody() {
	}

	/**
	 * Reads the body. No body is the same as an empty object.
	 * @param members takes the members that the request needs
	 * @return the result of {@code members}; an error of {@link ProblemException} if the
	 * body is too long, or is not an object with such members
	 */
	static <T> Mono<T> read(ServerHttpRequest request, Function<Envelope, T> members) {
		return BodyReader.read(request, LIMIT)
			.onErrorMap(DataBufferLimitException.class, (_) -> ProblemException.invalid("The body is too long"))
			.map((body) -> members.apply(Envelope.parse((body.length == 0) ? EMPTY_OBJECT : body)))
			.onErrorMap(JsonException.class, (ex) -> ProblemException.invalid("The body: " + ex.getMessage()));
	}

}
