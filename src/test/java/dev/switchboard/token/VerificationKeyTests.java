package dev.switchboard.token;

import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Set;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class VerificationKeyTests {

	private static final RSAPublicKey RSA = (RSAPublicKey) SigningKey.rsa().pair().getPublic();

	static List<JWK> notForTokens() {
		ECPublicKey ec = (ECPublicKey) SigningKey.ec().pair().getPublic();
		return List.of(new OctetSequenceKey.Builder(new byte[64]).build(),
				new RSAKey.Builder(RSA).keyUse(KeyUse.ENCRYPTION).build(),
				new RSAKey.Builder(RSA).algorithm(JWSAlgorithm.PS256).build(),
				new ECKey.Builder(Curve.P_256, ec).keyOperations(Set.of(KeyOperation.DERIVE_KEY)).build(),
				SigningKey.ec("secp384r1").jwk(null), SigningKey.rsa(1024).jwk(null));
	}

	@ParameterizedTest
	@MethodSource("notForTokens")
	void shouldLeaveOutKeysForOtherPurposes(JWK jwk) {
		assertThat(VerificationKey.of(jwk)).isEmpty();
	}

	@Test
	void shouldTakeKeysThatSayWhatTheyAreFor() {
		JWK jwk = new RSAKey.Builder(RSA).keyUse(KeyUse.SIGNATURE)
			.keyOperations(Set.of(KeyOperation.VERIFY))
			.algorithm(JWSAlgorithm.RS256)
			.build();

		assertThat(VerificationKey.of(jwk)).isPresent();
	}

	@Test
	void shouldFitTokensOfItsAlgorithmAndKeyId() {
		VerificationKey named = VerificationKey.of(SigningKey.ec().jwk("k1")).orElseThrow();
		VerificationKey nameless = VerificationKey.of(SigningKey.ec().jwk(null)).orElseThrow();

		assertThat(named.fits(header(JWSAlgorithm.ES256, "k1"))).isTrue();
		assertThat(named.fits(new JWSHeader(JWSAlgorithm.ES256))).isTrue();
		assertThat(named.fits(header(JWSAlgorithm.ES256, "k2"))).isFalse();
		assertThat(named.fits(header(JWSAlgorithm.EdDSA, "k1"))).isFalse();
		assertThat(nameless.fits(header(JWSAlgorithm.ES256, "k2"))).isTrue();
	}

	private static JWSHeader header(JWSAlgorithm algorithm, String id) {
		return new JWSHeader.Builder(algorithm).keyID(id).build();
	}

}
