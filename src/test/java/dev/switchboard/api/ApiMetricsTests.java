package dev.switchboard.api;

import java.util.Map;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilterChain;

import static org.assertj.core.api.Assertions.assertThat;

class ApiMetricsTests {

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ApiMetrics metrics = new ApiMetrics(this.meters);

	@Test
	void shouldCountAnswersByTheirStatus() {
		answer((exchange) -> exchange.getResponse().setComplete());
		answer((exchange) -> {
			exchange.getResponse().setStatusCode(HttpStatus.CONFLICT);
			return exchange.getResponse().setComplete();
		});
		answer((exchange) -> {
			exchange.getResponse().setStatusCode(HttpStatus.CONFLICT);
			return exchange.getResponse().setComplete();
		});
		assertThat(count("200")).isEqualTo(1);
		assertThat(count("409")).isEqualTo(2);
	}

	@Test
	void shouldNotCountARequestWithoutAnAnswer() {
		answer((_) -> Mono.empty());
		assertThat(this.meters.find("switchboard.api.requests").counter()).isNull();
	}

	private void answer(WebFilterChain chain) {
		ServerWebExchange exchange = TestExchanges.get(Map.of());
		this.metrics.filter(exchange, chain).block();
	}

	private double count(String status) {
		return this.meters.counter("switchboard.api.requests", "status", status).count();
	}

}
