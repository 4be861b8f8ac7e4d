package dev.switchboard.handshake;

import java.util.List;
import java.util.Map;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.ConnectionMetrics;
import dev.switchboard.problem.Problem;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
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

	private final HandshakeAdmission admission;

	private final Placement placement;

	private final ConnectionMetrics metrics;

	AgentEndpoint(AgentAuthenticator authenticator, RequestUpgradeStrategy upgrades, AgentWebSocketHandler handler,
			HandshakeAdmission admission, Placement placement, ConnectionMetrics metrics) {
		this.authenticator = authenticator;
		this.upgrades = upgrades;
		this.handler = handler;
		this.admission = admission;
		this.placement = placement;
		this.metrics = metrics;
	}

	/** Refuses every further handshake. */
	void drain() {
		this.admission.drain();
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		return Mono.fromRunnable(() -> check(exchange.getRequest()))
			.then(Mono.defer(() -> this.authenticator.authenticate(exchange.getRequest())))
			.flatMap((credentials) -> admit(exchange, credentials))
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
		this.admission.admit();
	}

	private static boolean isUpgrade(ServerHttpRequest request) {
		return "websocket".equalsIgnoreCase(request.getHeaders().getUpgrade())
				&& request.getHeaders().getConnection().stream().anyMatch("upgrade"::equalsIgnoreCase);
	}

	private static boolean offersSubprotocol(ServerHttpRequest request) {
		List<String> offered = request.getHeaders().getValuesAsList("Sec-WebSocket-Protocol");
		return offered.contains(SUBPROTOCOL);
	}

	private Mono<Void> admit(ServerWebExchange exchange, AgentCredentials credentials) {
		this.admission.admit(credentials.agent().tenant());
		return this.placement.elsewhere(credentials.agent())
			.singleOptional()
			.flatMap((url) -> url.isPresent() ? redirect(exchange.getResponse(), url.get())
					: upgrade(exchange, credentials));
	}

	private Mono<Void> redirect(ServerHttpResponse response, String url) {
		this.metrics.handshake("redirected");
		response.setStatusCode(HttpStatus.TEMPORARY_REDIRECT);
		response.getHeaders().set(HttpHeaders.LOCATION, url);
		response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		return response.setComplete();
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
			case UNAVAILABLE -> headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(refused.retryAfterSeconds()));
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
