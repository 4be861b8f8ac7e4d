package dev.switchboard.token;

import java.time.Duration;

import dev.switchboard.time.TimeSource;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** The decoder of a node with some properties. */
public final class TestDecoder {

	private TestDecoder() {
	}

	public static ReactiveJwtDecoder of(OAuth2ResourceServerProperties properties) {
		IssuerKeys keys = IssuerKeys.of(properties.getJwt(), Duration.ofHours(24), TimeSource.SYSTEM);
		return TokenDecoders.of(keys, properties.getJwt(), Duration.ofHours(24), TimeSource.SYSTEM).checking();
	}

}
