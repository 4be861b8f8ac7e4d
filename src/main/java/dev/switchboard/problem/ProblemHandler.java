package dev.switchboard.problem;

import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Answers every failed request with a problem (RFC 9457), including requests with an
 * unknown path, method or media type. Logs the cause of an unexpected failure, and does
 * not tell it to the caller.
 */
final class ProblemHandler implements WebExceptionHandler, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(ProblemHandler.class);

	/** A fault that one request finds, the next one finds, too. */
	private static final Duration LOG_PAUSE = Duration.ofSeconds(30);

	private final ProblemWriter problems;

	private final ProblemMetrics metrics;

	private final LogLimit logLimit;

	ProblemHandler(ProblemWriter problems, ProblemMetrics metrics, TimeSource time) {
		this.problems = problems;
		this.metrics = metrics;
		this.logLimit = new LogLimit(LOG_PAUSE, time);
	}

	@Override
	public int getOrder() {
		return FilterOrder.PROBLEMS;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
		if (error instanceof AbortedException || AbortedException.isConnectionReset(error)) {
			return Mono.empty(); // the client has closed the connection
		}
		if (exchange.getResponse().isCommitted()) {
			return Mono.error(error);
		}
		if (error instanceof MethodNotAllowedException notAllowed) {
			exchange.getResponse().getHeaders().putAll(notAllowed.getHeaders());
		}
		ProblemException problem = problem(error);
		this.metrics.count(problem.problem());
		if (problem.problem() == Problem.UNSUPPORTED_MEDIA_TYPE) {
			HttpHeaders headers = exchange.getResponse().getHeaders();
			headers.set(HttpHeaders.ACCEPT, MediaType.APPLICATION_JSON_VALUE);
			headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
		}
		return this.problems.write(exchange.getResponse(), problem);
	}

	private ProblemException problem(Throwable error) {
		return switch (error) {
			case ProblemException failure -> failure;
			case MethodNotAllowedException _ ->
				new ProblemException(Problem.METHOD_NOT_ALLOWED, "The resource does not know this method");
			case NotAcceptableStatusException _ ->
				new ProblemException(Problem.NOT_ACCEPTABLE, "The resource has no representation that is acceptable");
			case UnsupportedMediaTypeStatusException _ ->
				new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "Bodies are application/json");
			case InvalidMimeTypeException _ -> ProblemException.invalid("A media type is malformed");
			case ResponseStatusException status when status.getStatusCode().value() == 404 ->
				new ProblemException(Problem.NOT_FOUND, "There is nothing at this path");
			case ResponseStatusException status when status.getStatusCode().is4xxClientError() -> ProblemException
				.invalid((status.getReason() != null) ? status.getReason() : "The request is not valid");
			default -> {
				this.logLimit.tryLog()
					.ifPresent((heldBack) -> logger
						.error("A request failed unexpectedly ({} such lines were held back)", heldBack, error));
				yield new ProblemException(Problem.INTERNAL_ERROR, "The gateway failed");
			}
		};
	}

}
