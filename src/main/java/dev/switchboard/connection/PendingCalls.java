package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.switchboard.protocol.CallId;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait on one connection, by their id. They belong to it: its end fails
 * them without a search, an idle connection owns no map, and only its event loop touches
 * them.
 */
final class PendingCalls {

	private @Nullable Map<CallId, PendingCall> calls;

	int size() {
		return (this.calls != null) ? this.calls.size() : 0;
	}

	void add(PendingCall call) {
		if (this.calls == null) {
			this.calls = new HashMap<>();
		}
		this.calls.put(call.call().id(), call);
	}

	@Nullable PendingCall find(CallId id) {
		return (this.calls != null) ? this.calls.get(id) : null;
	}

	/** Ends the wait; null if nobody waits under this id. */
	@Nullable PendingCall remove(CallId id) {
		if (this.calls == null) {
			return null;
		}
		PendingCall removed = this.calls.remove(id);
		if (this.calls.isEmpty()) {
			this.calls = null;
		}
		return removed;
	}

	/** Ends every wait. */
	void removeAll(Consumer<PendingCall> action) {
		if (this.calls != null) {
			List<PendingCall> all = new ArrayList<>(this.calls.values());
			this.calls = null;
			all.forEach(action);
		}
	}

	/** The only call that waits, or null. */
	@Nullable PendingCall only() {
		return (size() == 1 && this.calls != null) ? this.calls.values().iterator().next() : null;
	}

}
