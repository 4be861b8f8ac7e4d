package dev.switchboard.connection;

import java.util.List;
import java.util.Map;

import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.NodeSettings;
import dev.switchboard.protocol.Problem;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * The one resource of the agent port, {@code GET /v1/connect}: admits, authenticates and
 * upgrades, or says in a status why not.
 */
@Component
public final class AgentEndpoint implements WebHandler {

	static final String SUBPROTOCOL = "switchboard.v1.json";

	private static final String PATH = "/v1/connect";

	private final AgentAuthenticator authenticator;

	private final RequestUpgradeStrategy upgrades;

	private final AgentWebSocketHandler handler;

	private final ConnectionRegistry registry;

	private final AgentDirectory directory;

	private final HandshakeAdmission admission;

	private final ConnectionMetrics metrics;

	private final int capacity;

	private volatile boolean draining;

	AgentEndpoint(AgentAuthenticator authenticator, RequestUpgradeStrategy upgrades, AgentWebSocketHandler handler,
			ConnectionRegistry registry, AgentDirectory directory, AgentSettings settings, NodeSettings node,
			ConnectionMetrics metrics) {
		this.authenticator = authenticator;
		this.upgrades = upgrades;
		this.handler = handler;
		this.registry = registry;
		this.directory = directory;
		this.admission = new HandshakeAdmission(settings.handshakeRate(), System::nanoTime);
		this.metrics = metrics;
		this.capacity = node.capacity();
	}

	/** Refuses every further handshake. */
	void drain() {
		this.draining = true;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		return Mono.fromRunnable(() -> check(exchange.getRequest()))
			.then(Mono.defer(() -> this.authenticator.authenticate(exchange.getRequest())))
			.flatMap((credentials) -> upgrade(exchange, credentials))
			.onErrorResume(HandshakeRefusedException.class, (refused) -> refuse(exchange, refused))
			.onErrorResume(ResponseStatusException.class, (refused) -> refuse(exchange, refused));
	}

	private void check(ServerHttpRequest request) {
		if (!request.getPath().pathWithinApplication().value().equals(PATH)) {
			throw new HandshakeRefusedException(Problem.NOT_FOUND, "Agents connect at " + PATH);
		}
		if (!HttpMethod.GET.equals(request.getMethod())) {
			throw new HandshakeRefusedException(Problem.METHOD_NOT_ALLOWED, "Agents connect with GET");
		}
		if (!isUpgrade(request)) {
			throw new HandshakeRefusedException(Problem.INVALID_REQUEST, "This is a WebSocket endpoint (RFC 6455)");
		}
		if (!offersSubprotocol(request)) {
			throw new HandshakeRefusedException(Problem.INVALID_REQUEST, "Offer the subprotocol " + SUBPROTOCOL);
		}
		if (this.draining || isFull() || !this.admission.tryAdmit()) {
			throw new HandshakeRefusedException(Problem.UNAVAILABLE, "This node takes no more agents at the moment");
		}
	}

	private static boolean isUpgrade(ServerHttpRequest request) {
		return "websocket".equalsIgnoreCase(request.getHeaders().getUpgrade())
				&& request.getHeaders().getConnection().stream().anyMatch("upgrade"::equalsIgnoreCase);
	}

	// A node that cannot store its claims should not take more connections either.
	private boolean isFull() {
		return this.registry.size() >= this.capacity || this.directory.isCongested();
	}

	private static boolean offersSubprotocol(ServerHttpRequest request) {
		List<String> offered = request.getHeaders().getValuesAsList("Sec-WebSocket-Protocol");
		return offered.contains(SUBPROTOCOL);
	}

	private Mono<Void> upgrade(ServerWebExchange exchange, AgentCredentials credentials) {
		WebSocketHandler sessions = (session) -> {
			this.metrics.handshake("accepted");
			return this.handler.handle(session, credentials);
		};
		ServerHttpRequest request = exchange.getRequest();
		return this.upgrades.upgrade(exchange, sessions, SUBPROTOCOL,
				() -> new HandshakeInfo(request.getURI(), request.getHeaders(), request.getCookies(), Mono.empty(),
						SUBPROTOCOL, request.getRemoteAddress(), Map.of(), exchange.getLogPrefix()));
	}

	// What the transport finds wrong with the handshake itself (RFC 6455 section 4.2.1).
	private Mono<Void> refuse(ServerWebExchange exchange, ResponseStatusException refused) {
		exchange.getResponse().getHeaders().putAll(refused.getHeaders());
		String reason = refused.getReason();
		return refuse(exchange, new HandshakeRefusedException(Problem.INVALID_REQUEST,
				(reason != null) ? reason : "The handshake is not valid"));
	}

	private Mono<Void> refuse(ServerWebExchange exchange, HandshakeRefusedException refused) {
		Problem problem = refused.problem();
		this.metrics.handshake(problem.text());
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(problem.status());
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		headers.set(HttpHeaders.CONNECTION, "close");
		switch (problem) {
			case UNAVAILABLE ->
				headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(HandshakeAdmission.retryAfterSeconds()));
			case UNAUTHORIZED -> headers.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
			case METHOD_NOT_ALLOWED -> headers.set(HttpHeaders.ALLOW, "GET");
			default -> {
				// The status says it all.
			}
		}
		byte[] body = problem.toJson(refused.detail(), problem.outcome()).end();
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(body)));
	}

}
