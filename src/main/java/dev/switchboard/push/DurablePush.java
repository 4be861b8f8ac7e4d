package dev.switchboard.push;

import java.time.Duration;

import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * A durable push to store.
 *
 * @param id the id, under which the agent gets the push each time
 * @param agent the agent
 * @param method the method that the caller named
 * @param payload the caller's payload
 * @param timeToLive how long the push waits for its agent
 * @param collapseKey the push takes the place of waiting ones with the same key; null for
 * none
 * @param key makes a repetition of the request harmless; null for none
 */
public record DurablePush(CallId id, AgentId agent, String method, Payload payload, Duration timeToLive,
		@Nullable String collapseKey, @Nullable Key key) {

	/**
	 * The idempotency key of a request.
	 *
	 * @param text the key itself
	 * @param caller the name of the caller; each caller has keys of its own
	 * @param bodyHash the hash of the request's body; requests with the same key must
	 * have the same body
	 */
	public record Key(String text, String caller, Sha256 bodyHash) {
	}

	/** Returns the same push with an idempotency key. */
	public DurablePush keyed(Key newKey) {
		return new DurablePush(this.id, this.agent, this.method, this.payload, this.timeToLive, this.collapseKey,
				newKey);
	}

	/**
	 * Returns the scope of the key: the hash of tenant, agent, key and caller, joined by
	 * line breaks, which none of them contains; null if there is no key.
	 */
	@Nullable Sha256 scope() {
		return (this.key != null)
				? Sha256.ofLines(this.agent.tenant(), this.agent.agent(), this.key.text(), this.key.caller()) : null;
	}

}
