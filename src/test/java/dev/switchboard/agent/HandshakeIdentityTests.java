package dev.switchboard.agent;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeIdentityTests {

	private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

	private static HandshakeIdentity bearer(String claims) {
		String encoded = Base64.getUrlEncoder()
			.withoutPadding()
			.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
		return HandshakeIdentity.bearer("e30." + encoded + ".c2ln");
	}

	@Test
	void shouldReadHowLongATokenIsValid() {
		assertThat(bearer("{\"exp\":1000060}").tokenLife(NOW)).isEqualTo(Duration.ofSeconds(60));
		assertThat(bearer("{\"exp\":999990}").tokenLife(NOW)).isEqualTo(Duration.ofSeconds(-10));
	}

	@Test
	void shouldTakeATokenForNoLongerThanItsLifeThoughTheClockIsBehind() {
		Instant behind = NOW.minus(Duration.ofDays(30));
		assertThat(bearer("{\"iat\":1000000,\"exp\":1000300}").tokenLife(behind)).isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void shouldNotGuessTheLifeOfATokenThatCannotBeRead() {
		assertThat(bearer("{}").tokenLife(NOW)).isNull();
		assertThat(bearer("{\"exp\":\"soon\"}").tokenLife(NOW)).isNull();
		assertThat(HandshakeIdentity.bearer("opaque").tokenLife(NOW)).isNull();
		assertThat(HandshakeIdentity.claimed(new AgentId("acme", "a")).tokenLife(NOW)).isNull();
	}

	@Test
	void shouldGiveTheTokenBack() {
		assertThat(HandshakeIdentity.bearer("opaque").token()).isEqualTo("opaque");
		assertThat(HandshakeIdentity.claimed(new AgentId("acme", "a")).token()).isNull();
	}

}
