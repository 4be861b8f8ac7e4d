package dev.switchboard.security;

import dev.switchboard.problem.Problem;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/** Answers with a problem from a filter, where no controller is. */
final class ProblemWriter {

	private ProblemWriter() {
	}

	static Mono<Void> write(ServerWebExchange exchange, Problem problem, @Nullable String detail) {
		return Mono.defer(() -> {
			ServerHttpResponse response = exchange.getResponse();
			byte[] body = problem.toJson((detail != null) ? detail : problem.text(), problem.outcome()).end();
			response.setStatusCode(HttpStatusCode.valueOf(problem.status()));
			response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
			response.getHeaders().setContentLength(body.length);
			DataBuffer buffer = response.bufferFactory().wrap(body);
			return response.writeWith(Mono.just(buffer));
		});
	}

}
