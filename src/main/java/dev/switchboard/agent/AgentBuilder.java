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
 * Collects what a {@link SwitchboardAgent} needs: a URL, an identity or a token, and
 * handlers. Not thread-safe.
 */
public final class AgentBuilder {

	private final List<URI> urls = new ArrayList<>();

	private final Map<String, CallHandler> handlers = new HashMap<>();

	private final Map<String, PushHandler> pushHandlers = new HashMap<>();

	private @Nullable Supplier<Credential> credentials;

	private Map<String, String> labels = Map.of();

	private @Nullable String agentVersion;

	private Executor executor = task -> Thread.ofVirtual().name("switchboard-handler").start(task);

	private @Nullable HttpClient client;

	private Duration reconnectMin = Duration.ofMillis(500);

	private Duration reconnectMax = Duration.ofSeconds(30);

	private Duration closeGrace = Duration.ofSeconds(10);

	AgentBuilder() {
	}

	/**
	 * Adds a gateway's URL, {@code ws} or {@code wss}; without a path, it gets
	 * {@code /v1/connect}. Several take turns when one cannot be reached.
	 */
	public AgentBuilder url(URI url) {
		this.urls.add(Route.complete(url));
		return this;
	}

	/** {@link #url(URI)} of a string. */
	public AgentBuilder url(String url) {
		return url(URI.create(url));
	}

	/** Claims an identity without a credential: for gateways in {@code dev} mode. */
	public AgentBuilder identity(String tenant, String agent) {
		Credential claimed = Credential.claimed(new AgentId(tenant, agent));
		this.credentials = () -> claimed;
		return this;
	}

	/**
	 * Authenticates with a JWT.
	 * @param token asked anew before each handshake, on a thread where it may block
	 */
	public AgentBuilder token(Supplier<String> token) {
		this.credentials = () -> Credential.bearer(token.get());
		return this;
	}

	/** Tells the gateway about the agent. */
	public AgentBuilder labels(Map<String, String> values) {
		this.labels = Map.copyOf(values);
		return this;
	}

	/** Tells the gateway the version of the agent's own software. */
	public AgentBuilder agentVersion(String version) {
		this.agentVersion = version;
		return this;
	}

	/** Answers the calls of a method. */
	public AgentBuilder handler(String method, CallHandler handler) {
		this.handlers.put(method, handler);
		return this;
	}

	/** Processes the pushes of a method. */
	public AgentBuilder pushHandler(String method, PushHandler handler) {
		this.pushHandlers.put(method, handler);
		return this;
	}

	/**
	 * Runs the handlers, as many at once as the gateway's {@code maxInFlight}. Default: a
	 * virtual thread each.
	 */
	public AgentBuilder executor(Executor handlerExecutor) {
		this.executor = handlerExecutor;
		return this;
	}

	/** Connects with this client: its TLS context, its proxy. It is not closed. */
	public AgentBuilder httpClient(HttpClient httpClient) {
		this.client = httpClient;
		return this;
	}

	/**
	 * The bounds of the reconnect window until a gateway names its own. Default: 500 ms
	 * and 30 s.
	 */
	public AgentBuilder reconnect(Duration min, Duration max) {
		this.reconnectMin = min;
		this.reconnectMax = max;
		return this;
	}

	/** How long closing waits for running calls. Default: 10 s. */
	public AgentBuilder closeGrace(Duration grace) {
		this.closeGrace = grace;
		return this;
	}

	/**
	 * Builds an agent that is not connected yet.
	 * @throws IllegalStateException without a URL, or without an identity or token
	 */
	public SwitchboardAgent build() {
		if (this.urls.isEmpty() || this.credentials == null) {
			throw new IllegalStateException("an agent needs a url, and an identity or a token");
		}
		return new SwitchboardAgent(new AgentSettings(List.copyOf(this.urls), this.credentials,
				new Frame.Hello(this.labels, this.agentVersion), Map.copyOf(this.handlers),
				Map.copyOf(this.pushHandlers), this.executor, this.client, this.reconnectMin, this.reconnectMax,
				this.closeGrace));
	}

}
