package dev.switchboard.api;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Requests to controllers, without a server. */
final class TestExchanges {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	/** An agent of a tenant, as paths name it. */
	static final Map<String, String> LAPTOP = Map.of("tenant", "acme", "agent", "laptop");

	private TestExchanges() {
	}

	static ServerWebExchange get(Map<String, String> path) {
		ServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
		exchange.getAttributes().put(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, path);
		return exchange;
	}

	/** Posts a JSON body to an agent, with headers given as names and values. */
	static ServerWebExchange post(String body, String... headers) {
		return get(LAPTOP).mutate().request(request(body, headers)).build();
	}

	static ServerHttpRequest request(String body, String... headers) {
		HttpHeaders all = new HttpHeaders();
		all.setContentType(MediaType.APPLICATION_JSON);
		for (int i = 0; i < headers.length; i += 2) {
			all.add(headers[i], headers[i + 1]);
		}
		return new Request(body, all);
	}

	/** The status and the body of a complete answer. */
	static String answer(Mono<Void> handled, ServerWebExchange exchange) {
		handled.block(LIMIT);
		HttpStatusCode status = Objects.requireNonNullElse(exchange.getResponse().getStatusCode(), HttpStatus.OK);
		String body = ((MockServerHttpResponse) exchange.getResponse()).getBodyAsString().block(LIMIT);
		return (status.value() + " " + Objects.requireNonNullElse(body, "")).strip();
	}

	static void assertProblem(Mono<?> handled, Problem problem) {
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> handled.block(LIMIT))
			.extracting(ProblemException::problem)
			.isEqualTo(problem);
	}

	/** Unlike Spring's, it has a native request, which the server has not answered. */
	private static final class Request extends AbstractServerHttpRequest {

		private final String body;

		Request(String body, HttpHeaders headers) {
			super(HttpMethod.POST, URI.create("/"), null, headers);
			this.body = body;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return Flux.just(DefaultDataBufferFactory.sharedInstance.wrap(this.body.getBytes(StandardCharsets.UTF_8)));
		}

		@Override
		protected MultiValueMap<String, HttpCookie> initCookies() {
			return new LinkedMultiValueMap<>();
		}

		@Override
		protected @Nullable SslInfo initSslInfo() {
			return null;
		}

		@Override
		public @Nullable InetSocketAddress getRemoteAddress() {
			return null;
		}

		@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
		@Override
		public <T> T getNativeRequest() {
			return (T) this;
		}

	}

}
