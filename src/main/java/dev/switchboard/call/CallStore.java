package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import reactor.core.publisher.Mono;

/**
 * Keeps the recorded calls of all nodes. All methods are thread-safe. Nothing happens
 * before subscription, and results may come on any thread. If the directory does not
 * answer, the result is an error of {@link DatabaseUnavailableException}.
 */
public interface CallStore {

	/**
	 * Records a pending call of this node. Of several calls with the same tenant, agent,
	 * caller and key only one is recorded, even if they come to different nodes. A call
	 * without a key is always recorded.
	 * @return the record of this call; if an earlier call has the key, the record of that
	 * call, which has another id. An error comes within minutes. Even after an error, the
	 * call may be recorded. If the call has a key and this node ends before it can send a
	 * further statement, such a record expires within a second
	 */
	Mono<StoredCall> begin(NewCall call);

	/**
	 * Stores the outcome of a pending call. While the directory does not answer, tries
	 * again for some minutes.
	 * @param id the call
	 * @param outcome the call's resource
	 * @param keep how long the record stays from now on
	 * @return true if the outcome was stored; false if the call has ended before or is
	 * not recorded. The result may be false by mistake if the directory's first answer
	 * was lost
	 */
	Mono<Boolean> end(CallId id, Payload outcome, Duration keep);

	/**
	 * Stores the outcome of a call and frees its key. Afterwards the call does not have
	 * the key, whether it was recorded, was not recorded, or will be recorded by a
	 * statement that is still on its way. Tries again while the directory does not
	 * answer, for as long as keys are kept.
	 * @param call the call
	 * @param outcome the call's resource
	 * @param keep how long the outcome stays from now on
	 */
	Mono<Void> settle(NewCall call, Payload outcome, Duration keep);

	/**
	 * Looks a call up.
	 * @param tenant the tenant to which the call must belong
	 * @param id the call
	 * @param limit how long the directory may be silent
	 * @return the call; empty if it is not recorded, or if its record has expired
	 */
	Mono<StoredCall> find(String tenant, CallId id, Duration limit);

}
