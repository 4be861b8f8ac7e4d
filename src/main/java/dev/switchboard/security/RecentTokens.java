package dev.switchboard.security;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Remembers for a minute which tokens were good: a caller shows the same one with each
 * request, and to check its signature costs as much as the request. A key that is
 * withdrawn counts for so long at most; a token ends when it says. Thread-safe.
 */
final class RecentTokens implements ReactiveJwtDecoder {

	static final Duration MEMORY = Duration.ofMinutes(1);

	private static final int MOST = 10_000;

	private final ReactiveJwtDecoder decoder;

	private final OAuth2TokenValidator<Jwt> rules;

	private final Cache<String, Jwt> good;

	/**
	 * @param decoder checks everything
	 * @param rules what may have changed since
	 */
	RecentTokens(ReactiveJwtDecoder decoder, OAuth2TokenValidator<Jwt> rules, Ticker ticker) {
		this.decoder = decoder;
		this.rules = rules;
		this.good = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(MEMORY).ticker(ticker).build();
	}

	@Override
	public Mono<Jwt> decode(String token) {
		Jwt known = this.good.getIfPresent(token);
		if (known != null && !this.rules.validate(known).hasErrors()) {
			return Mono.just(known);
		}
		return this.decoder.decode(token).doOnNext((jwt) -> this.good.put(token, jwt));
	}

}
