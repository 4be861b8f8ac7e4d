package dev.switchboard.security;

import java.util.List;
import java.util.Objects;

import dev.switchboard.audit.AuditSettings;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.CredentialsReceiver;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.token.ClaimNames;
import dev.switchboard.token.IssuerKeys;
import dev.switchboard.token.KeyReadings;
import dev.switchboard.token.TokenDecoders;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;

/**
 * Wires {@code jwt} mode, in which every request needs a token, except requests for
 * health, for the OpenAPI document and for its page.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(prefix = SecuritySettings.PREFIX, name = "mode", havingValue = "jwt")
@EnableConfigurationProperties({ OAuth2ResourceServerProperties.class, AuditSettings.class })
class JwtConfiguration {

	@Bean
	IssuerKeys issuerKeys(OAuth2ResourceServerProperties properties, SecuritySettings security, TimeSource time) {
		return IssuerKeys.of(properties.getJwt(), security.maxKeySetAge(), time);
	}

	@Bean(destroyMethod = "stop")
	KeyReadings keyReadings(IssuerKeys keys, SecuritySettings security, MeterRegistry meters, Chance chance) {
		return new KeyReadings(keys, security.keySetRefresh(), meters, chance);
	}

	@Bean
	WithdrawnKeys withdrawnKeys(IssuerKeys keys, ConnectionRegistry registry) {
		return new WithdrawnKeys(keys::has, registry);
	}

	/** Begins to read when all beans are there that may hear of a withdrawn key. */
	@Bean
	SmartInitializingSingleton keyReadingsStart(KeyReadings readings, WithdrawnKeys withdrawn) {
		return () -> readings.start(withdrawn::withdrawn);
	}

	@Bean
	TokenDecoders tokenDecoders(IssuerKeys keys, OAuth2ResourceServerProperties properties, SecuritySettings security,
			TimeSource time) {
		return TokenDecoders.of(keys, properties.getJwt(), security.maxTokenLife(), time);
	}

	/** Provides the decoder as a bean, so that Spring Boot does not make one. */
	@Bean
	ReactiveJwtDecoder jwtDecoder(TokenDecoders decoders) {
		return decoders.checking();
	}

	@Bean
	ClaimNames claimNames(OAuth2ResourceServerProperties properties, SecuritySettings security) {
		return new ClaimNames(security.tenantClaim(),
				Objects.requireNonNullElse(properties.getJwt().getPrincipalClaimName(), JwtClaimNames.SUB),
				properties.getJwt().getAuthoritiesClaimName());
	}

	@Bean
	SecurityWebFilterChain tokenFilterChain(ServerHttpSecurity http, TokenDecoders decoders, ClaimNames claims,
			AuditSettings audit) {
		return http.securityMatcher(new ProtectedPaths())
			.headers(ServerHttpSecurity.HeaderSpec::disable)
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.cors(ServerHttpSecurity.CorsSpec::disable)
			.httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
			.formLogin(ServerHttpSecurity.FormLoginSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.oauth2ResourceServer((server) -> server.authenticationFailureHandler(Refusals::notAuthenticated)
				.jwt((jwt) -> jwt.jwtDecoder(decoders.remembering())
					.jwtAuthenticationConverter((token) -> Mono.just(caller(token, claims)))))
			.exceptionHandling((failures) -> failures.authenticationEntryPoint(Refusals::unauthenticated))
			.authorizeExchange(
					(exchanges) -> exchanges.anyExchange().access(new ApiAuthorization(claims, audit.enabled())))
			.build();
	}

	/**
	 * Returns a caller with the name in the token, or with an empty name if the token has
	 * none.
	 */
	private static JwtAuthenticationToken caller(Jwt token, ClaimNames claims) {
		@Nullable String name = claims.subjectOf(token);
		return new JwtAuthenticationToken(token, List.of(), (name != null) ? name : "");
	}

	@Bean
	CredentialsReceiver authRefreshes(JwtAgentAuthenticator authenticator, MeterRegistry meters) {
		return new AuthRefreshes(authenticator::check, meters);
	}

	@Bean
	JwtAgentAuthenticator agentAuthenticator(OriginSettings origins, TokenDecoders decoders, ClaimNames claims) {
		return new JwtAgentAuthenticator(origins, decoders.checking(), claims);
	}

}
