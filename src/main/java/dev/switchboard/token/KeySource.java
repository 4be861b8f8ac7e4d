package dev.switchboard.token;

import java.util.List;

import com.nimbusds.jose.JWSHeader;
import reactor.core.publisher.Mono;

/** The source of the keys that tokens are checked with. Thread-safe. */
@FunctionalInterface
interface KeySource {

	/**
	 * Finds the keys that may have signed a token with this header.
	 * @return the keys, none if no key fits; an error if the keys are not available at
	 * the moment
	 */
	Mono<List<VerificationKey>> keysFor(JWSHeader header);

	/** A source with one key. */
	static KeySource of(VerificationKey key) {
		return (header) -> Mono.just(key.fits(header) ? List.of(key) : List.of());
	}

}
