package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * The recorded calls of all nodes: the seam between the life of a call and the directory.
 * All methods are thread-safe. Nothing happens before subscription, and signals come on
 * any thread. A directory that does not answer is a {@link DatabaseUnavailableException}.
 */
public interface CallStore {

	/**
	 * Records a pending call of this node. Of calls with the same tenant, agent, caller
	 * and key exactly one is recorded, even if they come to different nodes.
	 * @param call the call; a call without a key is always recorded
	 * @return the call itself, or the earlier call with its key: the ids differ then.
	 * After an error, which comes within minutes, the call may have been recorded
	 */
	Mono<StoredCall> begin(NewCall call);

	/**
	 * Stores the outcome of a pending call. It tries for some minutes, until the
	 * directory answers.
	 * @param id the call
	 * @param outcome the call's resource
	 * @param keep how long the record stays from now on
	 * @return whether this stored it. It is false if the call had ended before or is not
	 * recorded, and may be false if the directory's first answer was lost
	 */
	Mono<Boolean> end(CallId id, Payload outcome, Duration keep);

	/**
	 * Drops the record of a call that was never sent, which frees its key. It tries for
	 * some minutes, until the directory answers.
	 */
	Mono<Void> forget(CallId id);

	/**
	 * Looks a call up.
	 * @param tenant the tenant that it must belong to
	 * @param id the call
	 * @param limit how long the directory may be silent
	 * @return the call; empty if there is none, or no longer
	 */
	Mono<StoredCall> find(String tenant, CallId id, Duration limit);

}
