package dev.switchboard.token;

import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.switchboard.time.TimeSource;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

/**
 * Remembers good tokens for a minute. A caller sends the same token with each request,
 * and to check its signature each time would cost as much as the request itself. Whether
 * a token is expired is checked with each request. When a key is withdrawn, all tokens
 * are checked anew. So expired tokens and tokens of a withdrawn key are refused at once.
 * Thread-safe.
 */
final class RecentTokens implements ReactiveJwtDecoder {

	static final Duration MEMORY = Duration.ofMinutes(1);

	private static final int MAX_TOKENS = 10_000;

	private final ReactiveJwtDecoder decoder;

	private final IntSupplier keys;

	private final TimeSource time;

	private final Cache<String, Known> good;

	/**
	 * @param decoder checks a token completely
	 * @param keys gives a number that changes when a key is withdrawn
	 * @param time the clock that decides whether a remembered token is still valid
	 */
	RecentTokens(ReactiveJwtDecoder decoder, IntSupplier keys, TimeSource time) {
		this.decoder = decoder;
		this.keys = keys;
		this.time = time;
		this.good = Caffeine.newBuilder()
			.maximumSize(MAX_TOKENS)
			.expireAfterWrite(MEMORY)
			.ticker(time::nanoTime)
			.executor(Runnable::run)
			.build();
	}

	@Override
	public Mono<Jwt> decode(String token) {
		// Is read before the token is checked, so that a key that is withdrawn meanwhile
		// is noticed at the token's next use.
		int version = this.keys.getAsInt();
		Known known = this.good.getIfPresent(token);
		if (known != null && known.keys == version && known.isValidAt(this.time.now())) {
			return Mono.just(known.token);
		}
		return this.decoder.decode(token).doOnNext((jwt) -> this.good.put(token, Known.of(jwt, version)));
	}

	/**
	 * A good token. The times of its validity are read from its claims once, because
	 * Spring Security converts a claim at each read.
	 */
	private record Known(Jwt token, int keys, Instant begin, Instant end) {

		static Known of(Jwt token, int keys) {
			return new Known(token, keys, TokenRules.beginOf(token), TokenRules.endOf(token));
		}

		boolean isValidAt(Instant now) {
			return !TokenRules.isEarly(this.begin, now) && now.isBefore(this.end);
		}

	}

}
