package dev.switchboard.security;

import java.util.List;

import com.nimbusds.jose.JWSHeader;
import reactor.core.publisher.Mono;

/** Where the keys come from that tokens are checked with. Thread-safe. */
@FunctionalInterface
interface KeySource {

	/**
	 * The keys that a token with this header may have been signed with; none if there is
	 * no such key, an error if that cannot be told at present.
	 */
	Mono<List<VerificationKey>> keysFor(JWSHeader header);

	/** Always the same key. */
	static KeySource of(VerificationKey key) {
		return (header) -> Mono.just(key.fits(header) ? List.of(key) : List.of());
	}

}
