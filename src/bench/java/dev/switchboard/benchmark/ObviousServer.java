package dev.switchboard.benchmark;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.server.ResponseStatusException;

/**
 * What anyone would write first: WebFlux's WebSocket handler, a sink for each agent, a
 * map of waiting calls, and Jackson. It speaks enough of the protocol for {@code simulator}
 * and checks nothing. The gateway's calls are compared with its calls.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ NettyReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
		WebFluxAutoConfiguration.class, CodecsAutoConfiguration.class, JacksonAutoConfiguration.class })
@RestController
public class ObviousServer implements WebSocketHandler {

	private final Map<String, Sinks.Many<String>> agents = new ConcurrentHashMap<>();

	private final Map<String, Sinks.One<JsonNode>> waiting = new ConcurrentHashMap<>();

	private final ObjectMapper json;

	ObviousServer(ObjectMapper json) {
		this.json = json;
	}

	/** Serves until it is killed; its one argument is the port. */
	public static void main(String[] args) {
		SpringApplication.run(ObviousServer.class, "--server.port=" + args[0], "--server.address=127.0.0.1");
	}

	@Bean
	HandlerMapping webSockets() {
		return new SimpleUrlHandlerMapping(Map.of("/v1/connect", this), -1);
	}

	@Override
	public List<String> getSubProtocols() {
		return List.of("switchboard.v1.json");
	}

	@Override
	public Mono<Void> handle(WebSocketSession session) {
		HttpHeaders headers = session.getHandshakeInfo().getHeaders();
		String agent = headers.getFirst("Switchboard-Tenant") + "/" + headers.getFirst("Switchboard-Agent");
		Sinks.Many<String> outbound = Sinks.many().unicast().onBackpressureBuffer();
		this.agents.put(agent, outbound);
		Mono<Void> answers = session.receive().doOnNext((message) -> answer(message.getPayloadAsText())).then();
		return session.send(outbound.asFlux().map(session::textMessage)).and(answers);
	}

	private void answer(String text) {
		JsonNode frame = this.json.readTree(text);
		Sinks.One<JsonNode> waiter = this.waiting.remove(frame.get("id").asString());
		if (waiter != null) {
			waiter.tryEmitValue(frame.get("payload"));
		}
	}

	@PostMapping("/v1/tenants/{tenant}/agents/{agent}/calls")
	Mono<Map<String, Object>> call(@PathVariable String tenant, @PathVariable String agent,
			@RequestBody Map<String, Object> body) {
		Sinks.Many<String> outbound = this.agents.get(tenant + "/" + agent);
		if (outbound == null) {
			return Mono.error(new ResponseStatusException(HttpStatus.CONFLICT));
		}
		String id = UUID.randomUUID().toString();
		Sinks.One<JsonNode> waiter = Sinks.one();
		this.waiting.put(id, waiter);
		outbound.emitNext(this.json.writeValueAsString(frame(id, body)),
				Sinks.EmitFailureHandler.busyLooping(Duration.ofSeconds(1)));
		return waiter.asMono()
			.timeout(Duration.ofSeconds(10))
			.doFinally((_) -> this.waiting.remove(id))
			.map((payload) -> Map.of("id", id, "outcome", "completed", "payload", payload));
	}

	private static Map<String, Object> frame(String id, Map<String, Object> body) {
		return Map.of("type", "call", "id", id, "method", Objects.requireNonNull(body.get("method")), "ttlMillis",
				10_000, "payload", Objects.requireNonNull(body.get("payload")));
	}

}
