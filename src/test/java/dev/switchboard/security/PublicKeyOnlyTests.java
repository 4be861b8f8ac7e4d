package dev.switchboard.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.switchboard.token.Claims;
import dev.switchboard.token.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/** A node whose only setting for tokens is a public key that is not an RSA key. */
@SpringBootTest(classes = TestApi.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "switchboard.security.mode=jwt", "server.address=127.0.0.1", "management.server.port=0",
				"management.server.address=127.0.0.1" })
class PublicKeyOnlyTests {

	private static final SigningKey KEY = SigningKey.ed25519();

	@TempDir
	static Path directory;

	@LocalServerPort
	int apiPort;

	@DynamicPropertySource
	static void key(DynamicPropertyRegistry properties) throws IOException {
		Path file = Files.writeString(directory.resolve("key.pem"), KEY.pem());
		properties.add("spring.security.oauth2.resourceserver.jwt.public-key-location", () -> file.toUri().toString());
	}

	@Test
	void shouldStartAndAcceptTokensOfTheKey() {
		String token = Claims.of("*", "bob", "admin").signedBy(KEY);

		assertThat(
				TestRequests.send(HttpMethod.GET, this.apiPort, "/v1/nodes", (headers) -> headers.setBearerAuth(token))
					.getStatus()
					.value())
			.isEqualTo(200);
	}

}
