package dev.switchboard.token;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Remembers good tokens for a minute. A caller sends the same token with each request,
 * and to check its signature each time would cost as much as the request itself. The
 * claims are checked each time. So an expired token is refused at once, but tokens of a
 * withdrawn key may be accepted for up to a minute. Thread-safe.
 */
final class RecentTokens implements ReactiveJwtDecoder {

	static final Duration MEMORY = Duration.ofMinutes(1);

	private static final int MAX_TOKENS = 10_000;

	private final ReactiveJwtDecoder decoder;

	private final OAuth2TokenValidator<Jwt> rules;

	private final Cache<String, Jwt> good;

	/**
	 * @param decoder checks a token completely
	 * @param rules checks the claims of a remembered token again
	 */
	RecentTokens(ReactiveJwtDecoder decoder, OAuth2TokenValidator<Jwt> rules, TimeSource time) {
		this.decoder = decoder;
		this.rules = rules;
		this.good = Caffeine.newBuilder()
			.maximumSize(MAX_TOKENS)
			.expireAfterWrite(MEMORY)
			.ticker(time::nanoTime)
			.executor(Runnable::run)
			.build();
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
