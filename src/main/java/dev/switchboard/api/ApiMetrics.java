package dev.switchboard.api;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.switchboard.problem.FilterOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Counts the answers of the API, including those that filters give in place of a
 * controller.
 */
final class ApiMetrics implements WebFilter, Ordered {

	private final MeterRegistry registry;

	private final Map<Integer, Counter> answers = new ConcurrentHashMap<>();

	ApiMetrics(MeterRegistry registry) {
		this.registry = registry;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpResponse response = exchange.getResponse();
		response.beforeCommit(() -> {
			HttpStatusCode status = response.getStatusCode();
			counter((status != null) ? status.value() : 200).increment();
			return Mono.empty();
		});
		return chain.filter(exchange);
	}

	private Counter counter(int status) {
		return this.answers.computeIfAbsent(status,
				(code) -> Counter.builder("switchboard.api.requests")
					.description("Requests that the API answered")
					.tag("status", Integer.toString(code))
					.register(this.registry));
	}

	@Override
	public int getOrder() {
		return FilterOrder.METRICS;
	}

}
