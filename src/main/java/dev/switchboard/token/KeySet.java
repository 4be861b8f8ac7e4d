package dev.switchboard.token;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import com.nimbusds.jose.JWSHeader;

/**
 * The keys that an issuer had at a time.
 *
 * @param keys the keys, which are never none
 * @param names the names of the keys
 * @param readNanos when their reading began, by the monotonic clock
 */
record KeySet(List<VerificationKey> keys, Set<String> names, long readNanos) {

	KeySet(List<VerificationKey> keys, long readNanos) {
		this(keys, keys.stream().map(VerificationKey::name).collect(Collectors.toUnmodifiableSet()), readNanos);
	}

	/** Returns the keys that may have signed a token with this header. */
	List<VerificationKey> fitting(JWSHeader header) {
		return this.keys.stream().filter((key) -> key.fits(header)).toList();
	}

	/** Returns the names of the keys that another set does not have. */
	Set<String> without(KeySet other) {
		Set<String> gone = new HashSet<>(this.names);
		gone.removeAll(other.names);
		return gone;
	}

}
