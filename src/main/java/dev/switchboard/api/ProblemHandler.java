package dev.switchboard.api;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.UnsupportedMediaTypeStatusException;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Answers every failure with a problem (RFC 9457), the ones of unknown paths, methods and
 * media types too. What the gateway did not foresee is logged, and told without detail.
 */
@Component
@Order(-2) // Before Boot's own, which answers in another form.
final class ProblemHandler implements WebExceptionHandler {

	private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable error) {
		if (error instanceof AbortedException) {
			return Mono.empty(); // who sent half a request is not there to be told
		}
		if (exchange.getResponse().isCommitted()) {
			return Mono.error(error);
		}
		ProblemException problem = problem(error);
		if (error instanceof ResponseStatusException status) {
			exchange.getResponse().getHeaders().putAll(allow(status));
		}
		return ApiResponses.write(exchange.getResponse(), problem.problem().status(), problem.toJson());
	}

	private static HttpHeaders allow(ResponseStatusException status) {
		HttpHeaders headers = new HttpHeaders();
		String allow = status.getHeaders().getFirst(HttpHeaders.ALLOW);
		if (allow != null) {
			headers.set(HttpHeaders.ALLOW, allow);
		}
		return headers;
	}

	private static ProblemException problem(Throwable error) {
		return switch (error) {
			case ProblemException failure -> failure;
			case MethodNotAllowedException _ ->
				new ProblemException(Problem.METHOD_NOT_ALLOWED, "The resource does not know this method");
			case NotAcceptableStatusException _ ->
				new ProblemException(Problem.NOT_ACCEPTABLE, "The resource has no representation that is acceptable");
			case UnsupportedMediaTypeStatusException _ ->
				new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE, "Bodies are application/json");
			case ResponseStatusException status when status.getStatusCode().value() == 404 ->
				new ProblemException(Problem.NOT_FOUND, "There is nothing at this path");
			case ResponseStatusException status when status.getStatusCode().is4xxClientError() -> ProblemException
				.invalid((status.getReason() != null) ? status.getReason() : "The request is not valid");
			default -> {
				LOG.error("A request failed in a way that was not foreseen", error);
				yield new ProblemException(Problem.INTERNAL_ERROR, "The gateway failed");
			}
		};
	}

}
