package dev.switchboard.security;

import java.net.URI;
import java.time.Clock;
import java.util.List;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.switchboard.handshake.AgentAuthenticator;
import dev.switchboard.problem.SettingsRefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.context.NoOpServerSecurityContextRepository;
import org.springframework.security.web.server.util.matcher.NegatedServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatcher;
import org.springframework.security.web.server.util.matcher.ServerWebExchangeMatchers;
import org.springframework.util.StringUtils;

/** {@code jwt} mode: a bearer token for everything but health. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(prefix = SecuritySettings.PREFIX, name = "mode", havingValue = "jwt")
@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
class JwtConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(JwtConfiguration.class);

	private static final ServerWebExchangeMatcher NOT_HEALTH = new NegatedServerWebExchangeMatcher(
			ServerWebExchangeMatchers.pathMatchers("/actuator/health/**"));

	@Bean
	ClaimRules claimRules(OAuth2ResourceServerProperties properties) {
		OAuth2ResourceServerProperties.Jwt jwt = properties.getJwt();
		String issuer = StringUtils.hasText(jwt.getIssuerUri()) ? jwt.getIssuerUri() : null;
		List<String> audiences = jwt.getAudiences();
		if (issuer == null && audiences.isEmpty()) {
			logger.warn("Tokens of any issuer and for any audience are accepted if a known key has signed them: set"
					+ " spring.security.oauth2.resourceserver.jwt.issuer-uri or .audiences");
		}
		return new ClaimRules(issuer, audiences, Clock.systemUTC());
	}

	@Bean
	ReactiveJwtDecoder jwtDecoder(OAuth2ResourceServerProperties properties, ClaimRules rules) {
		NimbusReactiveJwtDecoder decoder = new NimbusReactiveJwtDecoder(
				new SignatureCheck(keySource(properties.getJwt())));
		decoder.setJwtValidator(rules);
		return decoder;
	}

	private static KeySource keySource(OAuth2ResourceServerProperties.Jwt jwt) {
		IdentityProvider provider = new IdentityProvider();
		if (StringUtils.hasText(jwt.getJwkSetUri())) {
			return new RemoteKeys(provider.keysAt(URI.create(jwt.getJwkSetUri())), Schedulers.parallel());
		}
		if (jwt.getPublicKeyLocation() != null) {
			return KeySource.of(PublicKeyFile.read(jwt.getPublicKeyLocation()));
		}
		if (StringUtils.hasText(jwt.getIssuerUri())) {
			return new RemoteKeys(provider.keysOf(jwt.getIssuerUri()), Schedulers.parallel());
		}
		throw new SettingsRefusedException("In jwt mode there must be a way to check tokens, and none is set.",
				"Set spring.security.oauth2.resourceserver.jwt.public-key-location, .jwk-set-uri or .issuer-uri"
						+ " (or, for a try on this machine, switchboard.security.mode=dev)");
	}

	@Bean
	SecurityWebFilterChain tokenFilterChain(ServerHttpSecurity http, ReactiveJwtDecoder decoder, ClaimRules rules) {
		RecentTokens tokens = new RecentTokens(decoder, rules, Ticker.systemTicker());
		return http.securityMatcher(NOT_HEALTH)
			.csrf(ServerHttpSecurity.CsrfSpec::disable)
			.cors(ServerHttpSecurity.CorsSpec::disable)
			.httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
			.formLogin(ServerHttpSecurity.FormLoginSpec::disable)
			.logout(ServerHttpSecurity.LogoutSpec::disable)
			.requestCache(ServerHttpSecurity.RequestCacheSpec::disable)
			.securityContextRepository(NoOpServerSecurityContextRepository.getInstance())
			.oauth2ResourceServer((server) -> server.authenticationFailureHandler(Refusals::notAuthenticated)
				.jwt((jwt) -> jwt.jwtDecoder(tokens)
					.jwtAuthenticationConverter((token) -> Mono.just(new JwtAuthenticationToken(token, List.of())))))
			.exceptionHandling((failures) -> failures.authenticationEntryPoint(Refusals::unauthenticated))
			.authorizeExchange((exchanges) -> exchanges.anyExchange().access(new ApiAuthorization()))
			.build();
	}

	@Bean
	AgentAuthenticator agentAuthenticator(OriginSettings origins, ReactiveJwtDecoder decoder) {
		return new JwtAgentAuthenticator(origins, decoder);
	}

}
