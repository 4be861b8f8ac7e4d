package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.AgentSessions;
import dev.switchboard.connection.ConnectionMetrics;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ConnectionSettings;
import dev.switchboard.problem.ProblemWriter;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.transport.SessionOpener;
import dev.switchboard.transport.TransportSettings;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.RequestUpgradeStrategy;
import org.springframework.web.server.ServerWebExchange;

/**
 * Takes handshakes at the {@link AgentEndpoint} of a simulated node. Only HTTP is left
 * out: the request is a value, and the socket is in memory. Used by one thread.
 */
public final class HandshakeOpener {

	private static final String AGENT = "simulated-agent";

	private static final Duration STOP_CHECK = Duration.ofMillis(20);

	private static final Duration LONGEST_STOP = Duration.ofSeconds(6);

	private final AgentEndpoint endpoint;

	private final SessionOpener sessions;

	private final HandshakeAdmission admission;

	/**
	 * An agent's handshake.
	 *
	 * @param socket the agent's socket
	 * @param loop the event loop of the connection
	 * @param remote the address from which the agent connects
	 * @param tenant the agent's tenant
	 * @param agent the agent's name
	 * @param taken is called if the handshake is taken, before the session starts
	 * @param refused is called if the handshake is refused; the socket stays open then
	 */
	public record Arrival(Socket socket, IoEventLoop loop, InetSocketAddress remote, String tenant, String agent,
			Runnable taken, Consumer<Refusal> refused) {
	}

	/**
	 * A refused handshake.
	 *
	 * @param status the HTTP status
	 */
	public record Refusal(int status) {
	}

	private HandshakeOpener(AgentEndpoint endpoint, SessionOpener sessions, HandshakeAdmission admission) {
		this.endpoint = endpoint;
		this.sessions = sessions;
		this.admission = admission;
	}

	/** Wires the endpoint of a node from the beans of the node. */
	public static HandshakeOpener of(BeanFactory beans) {
		SessionOpener sessions = new SessionOpener(
				new TransportSettings(beans.getBean(ConnectionSettings.class).messageBounds()),
				beans.getBean(TimeSource.class));
		HandshakeAdmission admission = beans.getBean(HandshakeAdmission.class);
		AgentEndpoint endpoint = new AgentEndpoint(HandshakeOpener::authenticate, new Upgrade(sessions),
				beans.getBean(AgentSessions.class), admission,
				List.copyOf(beans.getBeanProvider(AgentCheck.class).orderedStream().toList()),
				beans.getBeanProvider(AgentObstacle.class).getIfAvailable(() -> AgentObstacle.NONE),
				beans.getBean(Placement.class), new AgentAddress(beans.getBean(TrustedProxies.class)),
				beans.getBean(ConnectionMetrics.class),
				List.copyOf(beans.getBeanProvider(RefusalListener.class).orderedStream().toList()),
				new ProblemWriter(beans.getBean(Chance.class), HandshakeAdmission.RETRY_WITHIN));
		return new HandshakeOpener(endpoint, sessions, admission);
	}

	private static Mono<AgentCredentials> authenticate(ServerHttpRequest request) {
		String[] id = String.valueOf(request.getHeaders().getFirst(AGENT)).split("/", 2);
		return Mono.just(new AgentCredentials(new AgentId(id[0], id[1]), null));
	}

	/** Handles a handshake. Runs on the event loop. */
	public void connect(Arrival arrival) {
		HttpHeaders headers = new HttpHeaders();
		headers.set(HttpHeaders.UPGRADE, "websocket");
		headers.set(HttpHeaders.CONNECTION, "upgrade");
		headers.set("Sec-WebSocket-Protocol", UpgradeRequest.SUBPROTOCOL);
		headers.set(AGENT, arrival.tenant() + "/" + arrival.agent());
		ServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"))
			.mutate()
			.request(new HandshakeRequest(headers, arrival.remote()))
			.build();
		exchange.getAttributes().put(AGENT, arrival);
		this.endpoint.handle(exchange).subscribe(null, null, () -> {
			HttpStatusCode status = exchange.getResponse().getStatusCode();
			if (status != null) {
				arrival.refused().accept(new Refusal(status.value()));
			}
		});
	}

	/** Returns the number of sessions that have started and not ended. */
	public int openSessions() {
		return this.sessions.openSessions();
	}

	/** Does what the agent port does when the node stops. */
	public void stop(ConnectionRegistry registry, Runnable stopped) {
		this.admission.drain();
		registry.forEach((connection) -> connection.close(DisconnectReason.NODE_LEAVING));
		Flux.interval(STOP_CHECK)
			.takeUntil((_) -> openSessions() == 0)
			.take(LONGEST_STOP)
			.doFinally((_) -> stopped.run())
			.subscribe();
	}

	/** Opens the session on the socket in memory. */
	private record Upgrade(SessionOpener sessions) implements RequestUpgradeStrategy {

		@Override
		public Mono<Void> upgrade(ServerWebExchange exchange, WebSocketHandler handler, @Nullable String subProtocol,
				Supplier<HandshakeInfo> handshakeInfo) {
			Arrival arrival = exchange.getRequiredAttribute(AGENT);
			return Mono.fromRunnable(() -> {
				HandshakeInfo handshake = handshakeInfo.get();
				arrival.loop().execute(() -> {
					arrival.taken().run();
					this.sessions.open(arrival.socket(), arrival.loop(), handshake, handler);
				});
			});
		}

	}

}
