package dev.switchboard.forwarding;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.switchboard.routing.Verb;

/** The codecs of all verbs. */
final class VerbCodecs {

	/** A codec for each type of verb. */
	static final List<VerbCodec<?, ?>> ALL = List.of(new CallCodec(), new PushCodec(), new DisconnectCodec());

	private static final Map<Class<?>, VerbCodec<?, ?>> BY_TYPE = ALL.stream()
		.collect(Collectors.toUnmodifiableMap(VerbCodec::type, Function.identity()));

	private VerbCodecs() {
	}

	/** The codec of a verb. */
	@SuppressWarnings("unchecked") // A codec is listed under the type of its verbs.
	static <T> VerbCodec<Verb<T>, T> of(Verb<T> verb) {
		return (VerbCodec<Verb<T>, T>) Objects.requireNonNull(BY_TYPE.get(verb.getClass()));
	}

}
