package dev.switchboard.handshake;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.AgentSessions;
import dev.switchboard.connection.ConnectionMetrics;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.protocol.AgentId;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;

/**
 * Handles all requests to the agent port: handshakes, and the {@link HealthCheck}. It
 * checks, admits and authenticates a handshake. Then it upgrades the handshake, or
 * redirects it to the agent's node. A refused handshake is answered with a problem.
 */
final class AgentEndpoint implements WebHandler {

	private final AgentAuthenticator authenticator;

	private final RequestUpgradeStrategy upgrades;

	private final AgentSessions sessions;

	private final HandshakeAdmission admission;

	private final List<AgentCheck> checks;

	private final AgentObstacle obstacle;

	private final Placement placement;

	private final AgentAddress addresses;

	private final HealthCheck health;

	private final ConnectionMetrics metrics;

	private final List<RefusalListener> refusals;

	private final ProblemWriter problems;

	AgentEndpoint(AgentAuthenticator authenticator, RequestUpgradeStrategy upgrades, AgentSessions sessions,
			HandshakeAdmission admission, List<AgentCheck> checks, AgentObstacle obstacle, Placement placement,
			AgentAddress addresses, ConnectionMetrics metrics, List<RefusalListener> refusals, ProblemWriter problems) {
		this.authenticator = authenticator;
		this.upgrades = upgrades;
		this.sessions = sessions;
		this.admission = admission;
		this.checks = checks;
		this.obstacle = obstacle;
		this.placement = placement;
		this.addresses = addresses;
		this.health = new HealthCheck(admission::isOpen);
		this.metrics = metrics;
		this.refusals = refusals;
		this.problems = problems;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		ServerHttpRequest request = exchange.getRequest();
		if (HealthCheck.is(request)) {
			return checkHealth(exchange);
		}
		return DepartedClient.hasLeft(request) ? drop(request) : connect(exchange);
	}

	private Mono<Void> drop(ServerHttpRequest request) {
		this.metrics.handshake("gone");
		DepartedClient.drop(request);
		return Mono.never();
	}

	private Mono<Void> checkHealth(ServerWebExchange exchange) {
		return this.health.answer(exchange)
			.onErrorResume(ProblemException.class, (problem) -> this.problems.write(exchange.getResponse(), problem));
	}

	private Mono<Void> connect(ServerWebExchange exchange) {
		return authenticate(exchange.getRequest()).flatMap((credentials) -> place(exchange, credentials))
			.onErrorMap(ResponseStatusException.class, (refused) -> badHandshake(exchange, refused))
			.onErrorResume(ProblemException.class, (problem) -> refuse(exchange, problem));
	}

	private Mono<AgentCredentials> authenticate(ServerHttpRequest request) {
		return Mono.defer(() -> {
			UpgradeRequest.require(request);
			this.admission.admit(this.addresses.of(request));
			return this.authenticator.authenticate(request);
		});
	}

	private Mono<Void> place(ServerWebExchange exchange, AgentCredentials credentials) {
		CertainAgent.note(exchange.getRequest(), credentials.agent());
		admit(credentials.agent());
		return this.placement.elsewhere(credentials.agent())
			.singleOptional()
			.flatMap((url) -> url.isPresent() ? redirect(exchange.getResponse(), url.get())
					: upgrade(exchange, credentials));
	}

	private void admit(AgentId agent) {
		this.checks.forEach((check) -> check.require(agent));
		Duration retryWithin = this.obstacle.refuse(agent);
		if (retryWithin != null) {
			throw new ProblemException(Problem.UNAVAILABLE, HandshakeAdmission.FULL).retryWithin(retryWithin);
		}
		this.admission.admit(agent.tenant());
	}

	private Mono<Void> redirect(ServerHttpResponse response, String url) {
		this.metrics.handshake("redirected");
		response.setStatusCode(HttpStatus.TEMPORARY_REDIRECT);
		response.getHeaders().set(HttpHeaders.LOCATION, url);
		response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		return response.setComplete();
	}

	private Mono<Void> upgrade(ServerWebExchange exchange, AgentCredentials credentials) {
		WebSocketHandler handler = (session) -> {
			this.metrics.handshake("accepted");
			return this.sessions.serve(session, credentials);
		};
		ServerHttpRequest request = exchange.getRequest();
		return this.upgrades.upgrade(exchange, handler, UpgradeRequest.SUBPROTOCOL,
				() -> new HandshakeInfo(request.getURI(), request.getHeaders(), request.getCookies(), Mono.empty(),
						UpgradeRequest.SUBPROTOCOL, this.addresses.of(request), Map.of(), exchange.getLogPrefix()));
	}

	// The upgrade throws this exception if the WebSocket headers are wrong (RFC 6455
	// section 4.2.1).
	private static ProblemException badHandshake(ServerWebExchange exchange, ResponseStatusException refused) {
		exchange.getResponse().getHeaders().putAll(refused.getHeaders());
		String reason = refused.getReason();
		return ProblemException.invalid((reason != null) ? reason : "The handshake is not valid");
	}

	private Mono<Void> refuse(ServerWebExchange exchange, ProblemException problem) {
		ServerHttpResponse response = exchange.getResponse();
		this.metrics.handshake(problem.problem().text());
		if (isFailure(problem.problem())) {
			this.admission.failed(this.addresses.of(exchange.getRequest()));
		}
		AgentId agent = CertainAgent.of(exchange.getRequest());
		if (agent != null) {
			this.refusals.forEach((each) -> each.refused(agent, problem, this.addresses.of(exchange.getRequest())));
		}
		response.getHeaders().set(HttpHeaders.CONNECTION, "close");
		if (problem.problem() == Problem.METHOD_NOT_ALLOWED) {
			response.getHeaders().setAllow(Set.of(UpgradeRequest.METHOD));
		}
		return this.problems.write(response, problem);
	}

	/** Whether it is the client's fault that a handshake was refused. */
	private static boolean isFailure(Problem problem) {
		return problem.status() < 500 && problem != Problem.TOO_MANY_REQUESTS;
	}

}
