package dev.switchboard.agent;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;

import org.jspecify.annotations.Nullable;

/**
 * Collects the settings of a {@link SwitchboardAgent}: a URL, an identity or a token, and
 * handlers. Not thread-safe.
 */
public final class AgentBuilder {

	private final List<URI> urls = new ArrayList<>();

	private final Map<String, CallHandler> handlers = new HashMap<>();

	private final Map<String, PushHandler> pushHandlers = new HashMap<>();

	private @Nullable Supplier<HandshakeIdentity> identities;

	private Map<String, String> labels = Map.of();

	private @Nullable String agentVersion;

	private Executor executor = task -> Thread.ofVirtual().name("switchboard-handler").start(task);

	private @Nullable HttpClient client;

	private Duration reconnectMin = Duration.ofMillis(500);

	private Duration reconnectMax = Duration.ofSeconds(30);

	private Duration closeGrace = Duration.ofSeconds(10);

	private AgentListener listener = new AgentListener() {
	};

	AgentBuilder() {
	}

	/**
	 * Adds a gateway's URL, with the scheme {@code ws} or {@code wss}. {@code http} means
	 * {@code ws}, and {@code https} means {@code wss}. A URL without a path gets
	 * {@code /v1/connect}. If there are several URLs and one cannot be reached, the agent
	 * tries the next one.
	 */
	public AgentBuilder url(URI url) {
		this.urls.add(Targets.complete(url));
		return this;
	}

	/** Adds a gateway's URL, as {@link #url(URI)} does. */
	public AgentBuilder url(String url) {
		return url(URI.create(url));
	}

	/** Names the agent without a credential, for gateways in {@code dev} mode. */
	public AgentBuilder identity(String tenant, String agent) {
		HandshakeIdentity claimed = HandshakeIdentity.claimed(new AgentId(tenant, agent));
		this.identities = () -> claimed;
		return this;
	}

	/**
	 * Authenticates with a JWT.
	 * @param token gives the token; it is called before each handshake and may block
	 */
	public AgentBuilder token(Supplier<String> token) {
		this.identities = () -> HandshakeIdentity.bearer(token.get());
		return this;
	}

	/**
	 * Authenticates with the TLS certificate alone that the HTTP client shows: see
	 * {@link #httpClient}. The certificate names the agent.
	 */
	public AgentBuilder certificate() {
		this.identities = () -> HandshakeIdentity.CERTIFIED;
		return this;
	}

	/**
	 * Sets labels. The gateway shows them beside the agent, and callers select agents by
	 * them. A name has the form of an agent's id. A value has up to 256 characters. There
	 * are at most 32 labels.
	 */
	public AgentBuilder labels(Map<String, String> values) {
		this.labels = Map.copyOf(values);
		return this;
	}

	/** Sets the version of the agent's own software, which the gateway shows. */
	public AgentBuilder agentVersion(String version) {
		this.agentVersion = version;
		return this;
	}

	/** Answers the calls of a method. */
	public AgentBuilder handler(String method, CallHandler handler) {
		this.handlers.put(method, handler);
		return this;
	}

	/**
	 * Processes the pushes of a method. A durable push whose method has no handler is not
	 * acknowledged: the gateway keeps it for an agent that knows the method.
	 */
	public AgentBuilder pushHandler(String method, PushHandler handler) {
		this.pushHandlers.put(method, handler);
		return this;
	}

	/**
	 * Sets the executor of the handlers. As many handlers run at once as the gateway's
	 * {@code maxInFlight} allows. Default: virtual threads.
	 */
	public AgentBuilder executor(Executor handlerExecutor) {
		this.executor = handlerExecutor;
		return this;
	}

	/**
	 * Sets the HTTP client to connect with, for example one with a TLS context or a
	 * proxy. The agent does not close it.
	 */
	public AgentBuilder httpClient(HttpClient httpClient) {
		this.client = httpClient;
		return this;
	}

	/**
	 * Sets the smallest and the largest upper bound of the random delay before the agent
	 * connects again. The delay itself may be 0. The gateway's {@code welcome} replaces
	 * both bounds. Default: 500 ms and 30 s.
	 */
	public AgentBuilder reconnect(Duration min, Duration max) {
		this.reconnectMin = min;
		this.reconnectMax = max;
		return this;
	}

	/** Sets the listener for the events of the agent's connections. */
	public AgentBuilder listener(AgentListener connectionListener) {
		this.listener = connectionListener;
		return this;
	}

	/** Sets how long closing waits for running calls. Default: 10 s. */
	public AgentBuilder closeGrace(Duration grace) {
		this.closeGrace = grace;
		return this;
	}

	/**
	 * Builds an agent that is not connected yet.
	 * @throws IllegalStateException if there is no URL, or neither an identity, nor a
	 * token, nor a certificate
	 */
	public SwitchboardAgent build() {
		if (this.urls.isEmpty() || this.identities == null) {
			throw new IllegalStateException("an agent needs a url, and an identity, a token or a certificate");
		}
		return new SwitchboardAgent(new AgentSettings(List.copyOf(this.urls), this.identities,
				new Frame.Hello(this.labels, this.agentVersion), Map.copyOf(this.handlers),
				Map.copyOf(this.pushHandlers), this.executor, this.client, this.reconnectMin, this.reconnectMax,
				this.closeGrace, this.listener));
	}

}
