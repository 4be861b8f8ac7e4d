package dev.switchboard.token;

import java.nio.charset.StandardCharsets;
import java.util.List;

import com.nimbusds.jose.JWSAlgorithm;
import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PublicKeyFileTests {

	@Test
	void shouldReadTheThreeTypesOfKeys() {
		assertThat(read(SigningKey.rsa().pem()).algorithm()).isEqualTo(JWSAlgorithm.RS256);
		assertThat(read(SigningKey.ec().pem()).algorithm()).isEqualTo(JWSAlgorithm.ES256);
		assertThat(read(SigningKey.ed25519().pem()).algorithm()).isEqualTo(JWSAlgorithm.EdDSA);
	}

	@Test
	void shouldReadAKeyAmongOtherText() {
		String pem = "issued in spring\n" + SigningKey.ec().pem().replace("\n", "\r\n") + "\nend";

		assertThat(read(pem).algorithm()).isEqualTo(JWSAlgorithm.ES256);
	}

	static List<String> unusable() {
		String pem = SigningKey.ec().pem();
		return List.of("", "a key", pem.replace("PUBLIC", "PRIVATE"), pem.replace("MFkw", "MFkx"),
				SigningKey.rsa(1024).pem(), SigningKey.ec("secp384r1").pem(), SigningKey.edwards("Ed448").pem(),
				"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----");
	}

	@ParameterizedTest
	@MethodSource("unusable")
	void shouldTellAnOperatorThatAKeyIsNotUsable(String pem) {
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> read(pem))
			.withMessageContaining("No public key could be read")
			.satisfies((refusal) -> assertThat(refusal.action()).contains("public-key-location"));
	}

	@Test
	void shouldNameAFileThatIsNotThere() {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> PublicKeyFile.read(new FileSystemResource("/nowhere/key.pem")))
			.withMessageContaining("/nowhere/key.pem");
	}

	private static VerificationKey read(String pem) {
		return PublicKeyFile.read(new ByteArrayResource(pem.getBytes(StandardCharsets.US_ASCII)));
	}

}
