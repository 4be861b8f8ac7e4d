package dev.switchboard.handshake;

import java.util.Set;
import java.util.function.BooleanSupplier;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Answers the health checks of load balancers: whether this node takes handshakes.
 * Handshake rates do not apply to health checks, and handshake metrics do not count them.
 * Thread-safe.
 */
final class HealthCheck {

	private static final String PATH = "/healthz";

	private static final Set<HttpMethod> METHODS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

	private final BooleanSupplier takesHandshakes;

	HealthCheck(BooleanSupplier takesHandshakes) {
		this.takesHandshakes = takesHandshakes;
	}

	/** Whether a request is a health check. */
	static boolean is(ServerHttpRequest request) {
		return request.getPath().pathWithinApplication().value().equals(PATH);
	}

	/**
	 * Answers a health check with 200, if the node takes handshakes.
	 * @return completes when the answer is sent; an error of {@link ProblemException} if
	 * the node takes no handshakes, or if the method is wrong
	 */
	Mono<Void> answer(ServerWebExchange exchange) {
		ServerHttpResponse response = exchange.getResponse();
		response.getHeaders().setCacheControl("no-store");
		response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		if (!METHODS.contains(exchange.getRequest().getMethod())) {
			response.getHeaders().setAllow(METHODS);
			return Mono.error(new ProblemException(Problem.METHOD_NOT_ALLOWED, "Ask for health with GET or HEAD"));
		}
		if (!this.takesHandshakes.getAsBoolean()) {
			return Mono.error(new ProblemException(Problem.UNAVAILABLE, HandshakeAdmission.FULL));
		}
		response.setStatusCode(HttpStatus.OK);
		response.getHeaders().setContentLength(0);
		return response.setComplete();
	}

}
