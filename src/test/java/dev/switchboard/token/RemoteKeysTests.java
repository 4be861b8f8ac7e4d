package dev.switchboard.token;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteKeysTests {

	private static final JWK OLD = SigningKey.ec().jwk("old");

	private static final JWK NEW = SigningKey.ec().jwk("new");

	private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();

	private Mono<List<VerificationKey>> answer = keys(OLD);

	private int fetches;

	private final RemoteKeys keys = new RemoteKeys(Mono.defer(() -> {
		this.fetches++;
		return this.answer;
	}), this.clock);

	@Test
	void shouldFetchNothingBeforeATokenComes() {
		assertThat(this.fetches).isZero();
	}

	@Test
	void shouldFetchOnceForKnownKeys() {
		assertThat(idsFor("old")).containsExactly("old");
		assertThat(idsFor("old")).containsExactly("old");
		assertThat(this.fetches).isEqualTo(1);
	}

	@Test
	void shouldShareAFetchAmongThoseWhoWait() {
		Sinks.One<List<VerificationKey>> issuer = Sinks.one();
		this.answer = issuer.asMono();
		List<Mono<List<VerificationKey>>> waiting = List.of(this.keys.keysFor(header("old")).cache(),
				this.keys.keysFor(header("old")).cache());
		waiting.forEach(Mono::subscribe);

		issuer.tryEmitValue(List.of(VerificationKey.of(OLD).orElseThrow())).orThrow();

		waiting.forEach((keys) -> StepVerifier.create(keys).expectNextCount(1).verifyComplete());
		assertThat(this.fetches).isEqualTo(1);
	}

	@Test
	void shouldFetchAtOnceForAnUnknownKey() {
		idsFor("old");
		this.answer = keys(OLD, NEW);

		assertThat(idsFor("new")).containsExactly("new");
	}

	@Test
	void shouldLimitHowOftenUnknownKeysCauseAFetch() {
		idsFor("old");
		assertThat(idsFor("made up 1")).isEmpty();
		assertThat(idsFor("made up 2")).isEmpty();
		assertThat(this.fetches).isEqualTo(2);

		this.clock.advanceTimeBy(RemoteKeys.PAUSE);
		this.answer = keys(NEW);
		assertThat(idsFor("new")).containsExactly("new");
		assertThat(this.fetches).isEqualTo(3);
	}

	@Test
	void shouldForgetAKeyThatTheIssuerNoLongerNames() {
		idsFor("old");
		this.answer = keys(NEW);

		this.clock.advanceTimeBy(RemoteKeys.FRESH);

		assertThat(idsFor("old")).as("nobody waits for the issuer").containsExactly("old");
		assertThat(idsFor("old")).isEmpty();
	}

	@Test
	void shouldGoOnWithKnownKeysWhileTheIssuerIsAway() {
		idsFor("old");
		this.answer = Mono.error(new IllegalStateException("away"));

		this.clock.advanceTimeBy(RemoteKeys.FRESH.plus(Duration.ofHours(1)));

		assertThat(idsFor("old")).containsExactly("old");
		assertThat(idsFor("old")).containsExactly("old");
		assertThat(this.fetches).isEqualTo(2);
	}

	@Test
	void shouldSayThatItCannotTellWhileTheIssuerIsAway() {
		this.answer = Mono.error(new IllegalStateException("away"));

		StepVerifier.create(this.keys.keysFor(header("old"))).verifyErrorMessage("away");
		StepVerifier.create(this.keys.keysFor(header("old"))).verifyErrorMessage("away");
		assertThat(this.fetches).isEqualTo(1);
	}

	@Test
	void shouldRecoverWhenTheIssuerIsBack() {
		this.answer = Mono.error(new IllegalStateException("away"));
		StepVerifier.create(this.keys.keysFor(header("old"))).verifyErrorMessage("away");
		this.answer = keys(OLD);

		this.clock.advanceTimeBy(RemoteKeys.RETRY);

		assertThat(idsFor("old")).containsExactly("old");
	}

	private List<String> idsFor(String id) {
		return this.keys.keysFor(header(id))
			.flatMapIterable((keys) -> keys)
			.mapNotNull(VerificationKey::id)
			.toStream()
			.toList();
	}

	private static JWSHeader header(String id) {
		return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build();
	}

	private static Mono<List<VerificationKey>> keys(JWK... jwks) {
		return Mono.just(List.of(jwks).stream().map(VerificationKey::of).flatMap(Optional::stream).toList());
	}

}
