package dev.switchboard.forwarding;

import java.util.List;

import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;

/** The codecs of all verbs. */
final class VerbCodecs {

	private static final CallCodec CALL = new CallCodec();

	private static final PushCodec PUSH = new PushCodec();

	private static final DisconnectCodec DISCONNECT = new DisconnectCodec();

	/** A codec for each type of verb. */
	static final List<VerbCodec<?, ?>> ALL = List.of(CALL, PUSH, DISCONNECT);

	private VerbCodecs() {
	}

	/** The codec of a verb. */
	@SuppressWarnings("unchecked") // Each codec stands beside the type of its verbs.
	static <T> VerbCodec<Verb<T>, T> of(Verb<T> verb) {
		VerbCodec<?, ?> codec = switch (verb) {
			case Call _ -> CALL;
			case Push _ -> PUSH;
			case Disconnect _ -> DISCONNECT;
		};
		return (VerbCodec<Verb<T>, T>) codec;
	}

}
