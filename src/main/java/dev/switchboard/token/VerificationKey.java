package dev.switchboard.token;

import java.util.Optional;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.SignedJWT;
import org.jspecify.annotations.Nullable;

/**
 * A public key with the only algorithm that is used with it. The header of a token cannot
 * choose a different algorithm (RFC 8725 section 3.1). Thread-safe.
 *
 * @param id the key's {@code kid}; null if it has none
 * @param name the {@code kid} and the key's thumbprint (RFC 7638); a different key has a
 * different name, even if it has the same {@code kid}
 * @param algorithm the algorithm of the signatures
 * @param verifier verifies signatures with the key
 */
record VerificationKey(@Nullable String id, String name, JWSAlgorithm algorithm, JWSVerifier verifier) {

	/**
	 * The algorithms that the protocol allows. Neither {@code none} nor HMAC is allowed.
	 */
	static final Set<JWSAlgorithm> ALGORITHMS = Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.EdDSA);

	/** The least bits of an RSA key (RFC 7518 section 3.3). */
	private static final int MIN_RSA_BITS = 2048;

	/**
	 * Makes a verification key from a JSON Web Key.
	 * @return the key; empty if its type, size or curve is not supported, or if it is not
	 * meant for verifying signatures
	 */
	static Optional<VerificationKey> of(JWK jwk) {
		JWSAlgorithm algorithm = algorithmFor(jwk);
		if (algorithm == null || !mayVerify(jwk, algorithm)) {
			return Optional.empty();
		}
		try {
			return Optional
				.of(new VerificationKey(jwk.getKeyID(), nameOf(jwk), algorithm, verifierFor(jwk.toPublicJWK())));
		}
		catch (JOSEException ex) {
			throw new IllegalArgumentException("not a usable key: " + ex.getMessage(), ex);
		}
	}

	private static String nameOf(JWK jwk) throws JOSEException {
		String thumbprint = "SHA-256 " + jwk.computeThumbprint();
		return (jwk.getKeyID() != null) ? jwk.getKeyID() + " (" + thumbprint + ")" : thumbprint;
	}

	private static @Nullable JWSAlgorithm algorithmFor(JWK jwk) {
		return switch (jwk) {
			case RSAKey rsa when rsa.size() >= MIN_RSA_BITS -> JWSAlgorithm.RS256;
			case ECKey ec when ec.getCurve().equals(Curve.P_256) -> JWSAlgorithm.ES256;
			case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) -> JWSAlgorithm.EdDSA;
			default -> null;
		};
	}

	private static boolean mayVerify(JWK jwk, JWSAlgorithm algorithm) {
		return (jwk.getKeyUse() == null || jwk.getKeyUse().equals(KeyUse.SIGNATURE))
				&& (jwk.getKeyOperations() == null || jwk.getKeyOperations().contains(KeyOperation.VERIFY))
				&& (jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(algorithm));
	}

	private static JWSVerifier verifierFor(JWK jwk) throws JOSEException {
		return switch (jwk) {
			case RSAKey rsa -> new RSASSAVerifier(rsa);
			case ECKey ec -> new ECDSAVerifier(ec);
			case OctetKeyPair pair -> new Ed25519Verifier(pair);
			default -> throw new JOSEException("unsupported type " + jwk.getKeyType());
		};
	}

	/** Whether this key may have signed a token with this header. */
	boolean fits(JWSHeader header) {
		return this.algorithm.equals(header.getAlgorithm())
				&& (this.id == null || header.getKeyID() == null || this.id.equals(header.getKeyID()));
	}

	boolean verifies(SignedJWT token) {
		try {
			return token.verify(this.verifier);
		}
		catch (JOSEException ex) {
			return false;
		}
	}

}
