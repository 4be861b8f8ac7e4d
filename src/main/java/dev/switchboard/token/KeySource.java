package dev.switchboard.token;

import java.util.List;

import com.nimbusds.jose.JWSHeader;
import reactor.core.publisher.Mono;

/** Has the keys with which tokens are checked. Thread-safe. */
@FunctionalInterface
interface KeySource {

	/**
	 * Finds the keys that may have signed a token with this header.
	 * @return the keys, which may be none; an error if the keys are not available at the
	 * moment
	 */
	Mono<List<VerificationKey>> keysFor(JWSHeader header);

	/** Returns a source with one key. */
	static KeySource of(VerificationKey key) {
		return (header) -> Mono.just(key.fits(header) ? List.of(key) : List.of());
	}

}
