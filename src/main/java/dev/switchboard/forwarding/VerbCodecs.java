package dev.switchboard.forwarding;

import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;
import org.jspecify.annotations.Nullable;

/** The codecs for all types of verbs. */
final class VerbCodecs {

	private static final CallCodec CALL = new CallCodec();

	private static final PushCodec PUSH = new PushCodec();

	private static final DisconnectCodec DISCONNECT = new DisconnectCodec();

	/** A codec for each type of verb. */
	static final List<VerbCodec<?, ?>> ALL = List.of(CALL, PUSH, DISCONNECT);

	/** The kinds of the requests that run calls and pushes. */
	static final Set<String> CALLS = Set.of(CALL.kind(), PUSH.kind());

	/** The codecs for the types of verbs of which many can go in one request. */
	private static final Map<String, BulkCodec<?, ?>> BULK = Map.of(CALL.kind(), CALL, PUSH.kind(), PUSH);

	private VerbCodecs() {
	}

	/** Returns the codec for the type of a verb. */
	@SuppressWarnings("unchecked") // The switch pairs each type of verb with its codec.
	static <T> VerbCodec<Verb<T>, T> of(Verb<T> verb) {
		VerbCodec<?, ?> codec = switch (verb) {
			case Call _ -> CALL;
			case Push _ -> PUSH;
			case Disconnect _ -> DISCONNECT;
		};
		return (VerbCodec<Verb<T>, T>) codec;
	}

	/**
	 * Returns the codec for verbs of a kind that go to a node together; null if verbs of
	 * this kind do not.
	 */
	static @Nullable BulkCodec<?, ?> bulk(String kind) {
		return BULK.get(kind);
	}

}
