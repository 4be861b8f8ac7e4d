package dev.switchboard.security;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/** The decoder of a node with some properties. */
final class TestDecoder {

	private TestDecoder() {
	}

	static ReactiveJwtDecoder of(OAuth2ResourceServerProperties properties) {
		JwtConfiguration configuration = new JwtConfiguration();
		return configuration.jwtDecoder(properties, configuration.claimRules(properties));
	}

}
