package dev.switchboard.relay;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;

import dev.switchboard.time.Chance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SigningSecretTests {

	/**
	 * The example of the libraries of Standard Webhooks. The key is what the Base64 says,
	 * and not its text (Notifuse/notifuse #318).
	 */
	@Test
	void shouldSignAsTheLibrariesOfStandardWebhooksVerify() {
		SigningSecret secret = SigningSecret.of(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
		byte[] body = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
		assertThat(secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, body))
			.isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
		assertThat(secret.text()).isEqualTo("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
	}

	@Test
	void shouldDrawSecretsOf32Bytes() {
		Set<String> drawn = new HashSet<>();
		for (int i = 0; i < 100; i++) {
			SigningSecret secret = SigningSecret.draw(Chance.SYSTEM::uuid);
			assertThat(Base64.getDecoder().decode(secret.text().substring("whsec_".length()))).hasSize(32);
			drawn.add(secret.text());
		}
		assertThat(drawn).hasSize(100);
	}

	@Test
	void shouldNotShowItselfInALog() {
		SigningSecret secret = SigningSecret.draw(Chance.SYSTEM::uuid);
		assertThat("" + secret).doesNotContain(secret.text().substring("whsec_".length()));
	}

}
