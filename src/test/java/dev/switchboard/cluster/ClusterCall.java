package dev.switchboard.cluster;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * A call that the agents of a cluster understand.
 *
 * @param to the agent
 * @param method {@code echo}, {@code stream} (in parts), or {@code hold} (never answered)
 * @param delay before the agent answers
 * @param patience the wait for the answer
 * @param connectWait the wait for the agent to be connected
 * @param key the idempotency key
 * @param nonce that the agent gives back
 */
record ClusterCall(AgentId to, String method, Duration delay, Duration patience, Duration connectWait,
		@Nullable String key, String nonce) {

	static ClusterCall echo(AgentId to) {
		return new ClusterCall(to, "echo", Duration.ZERO, Duration.ofSeconds(10), Duration.ZERO, null,
				UUID.randomUUID().toString());
	}

	/** One that the agent never answers. */
	static ClusterCall hold(AgentId to, Duration wait) {
		return new ClusterCall(to, "hold", Duration.ZERO, wait, Duration.ZERO, null, UUID.randomUUID().toString());
	}

	/** Calls with the same key have the same body. */
	ClusterCall keyed(String key) {
		return new ClusterCall(this.to, this.method, this.delay, this.patience, this.connectWait, key, "of-" + key);
	}

	ClusterCall after(Duration delay) {
		return new ClusterCall(this.to, this.method, delay, this.patience, this.connectWait, this.key, this.nonce);
	}

	ClusterCall within(Duration patience) {
		return new ClusterCall(this.to, this.method, this.delay, patience, this.connectWait, this.key, this.nonce);
	}

	/** For an agent that has just connected, of which only its own node knows yet. */
	ClusterCall awaiting(Duration connectWait) {
		return new ClusterCall(this.to, this.method, this.delay, this.patience, connectWait, this.key, this.nonce);
	}

	/** Another such call; with a key it is the same to the gateway. */
	ClusterCall again() {
		return new ClusterCall(this.to, this.method, this.delay, this.patience, this.connectWait, this.key,
				(this.key != null) ? this.nonce : UUID.randomUUID().toString());
	}

	String path() {
		return "/v1/tenants/" + this.to.tenant() + "/agents/" + this.to.agent() + "/calls";
	}

	Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", "application/json");
		headers.put("Prefer", "wait=" + this.patience.toSeconds());
		if (this.connectWait.isPositive()) {
			headers.put("Switchboard-Connect-Wait", Long.toString(this.connectWait.toSeconds()));
		}
		if (this.key != null) {
			headers.put("Idempotency-Key", this.key);
		}
		return headers;
	}

	String body() {
		return "{\"method\":\"%s\",\"payload\":{\"nonce\":\"%s\",\"delayMillis\":%d}}".formatted(this.method,
				this.nonce, this.delay.toMillis());
	}

}
