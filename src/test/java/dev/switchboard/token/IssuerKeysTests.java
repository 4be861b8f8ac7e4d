package dev.switchboard.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import dev.switchboard.time.ManualTime;
import dev.switchboard.time.TimeSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.core.io.FileSystemResource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwtException;

import static org.assertj.core.api.Assertions.assertThat;

class IssuerKeysTests {

	private static final JWK OLD = SigningKey.ec().jwk("old");

	private static final JWK NEW = SigningKey.ec().jwk("new");

	private static final Duration MAX_AGE = Duration.ofHours(24);

	private final VirtualTimeScheduler clock = VirtualTimeScheduler.create();

	private final ManualTime time = new ManualTime();

	private Mono<List<VerificationKey>> answer = keys(OLD);

	private int fetches;

	private final List<String> withdrawn = new CopyOnWriteArrayList<>();

	private final IssuerKeys keys = new IssuerKeys(Mono.defer(() -> {
		this.fetches++;
		return this.answer;
	}), MAX_AGE, this.time, this.clock);

	IssuerKeysTests() {
		this.keys.onWithdrawn(this.withdrawn::addAll);
	}

	@Test
	void shouldFetchOnceForATokenThatComesBeforeTheFirstReading() {
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

		issuer.tryEmitValue(List.of(key(OLD))).orThrow();

		waiting.forEach((keys) -> StepVerifier.create(keys).expectNextCount(1).verifyComplete());
		assertThat(this.fetches).isEqualTo(1);
	}

	@Test
	void shouldNeverFetchForAKnownKey() {
		read();
		advance(MAX_AGE);
		assertThat(idsFor("old")).containsExactly("old");
		assertThat(this.fetches).isEqualTo(1);
	}

	@Test
	void shouldFetchAtOnceForAnUnknownKey() {
		read();
		this.answer = keys(OLD, NEW);

		assertThat(idsFor("new")).containsExactly("new");
	}

	@Test
	void shouldLimitHowOftenUnknownKeysCauseAFetch() {
		read();
		assertThat(idsFor("made up 1")).isEmpty();
		assertThat(idsFor("made up 2")).isEmpty();
		assertThat(this.fetches).isEqualTo(2);

		advance(IssuerKeys.PAUSE);
		this.answer = keys(NEW);
		assertThat(idsFor("new")).containsExactly("new");
		assertThat(this.fetches).isEqualTo(3);
	}

	@Test
	void shouldFindANewKeyThatAnotherReadingHasBroughtMeanwhile() {
		read();
		assertThat(idsFor("made up")).isEmpty();
		this.answer = keys(OLD, NEW);
		read();
		assertThat(idsFor("new")).containsExactly("new");
		assertThat(idsFor("made up")).isEmpty();
	}

	@Test
	void shouldForgetAKeyWithTheNextReading() {
		read();
		int version = this.keys.version();
		this.answer = keys(NEW);
		read();

		assertThat(idsFor("old")).isEmpty();
		assertThat(this.keys.has(key(OLD).name())).isFalse();
		assertThat(this.keys.has(key(NEW).name())).isTrue();
		assertThat(this.withdrawn).containsExactly(key(OLD).name());
		assertThat(this.keys.version()).isNotEqualTo(version);
	}

	@Test
	void shouldWithdrawNothingWhenAKeyIsAdded() {
		read();
		int version = this.keys.version();
		this.answer = keys(NEW, OLD);
		read();

		assertThat(this.withdrawn).isEmpty();
		assertThat(this.keys.version()).isEqualTo(version);
	}

	@Test
	void shouldTakeAnotherKeyOfTheSameIdForAWithdrawnOne() {
		JWK inPlace = SigningKey.ec().jwk("old");
		read();
		this.answer = keys(inPlace);
		read();

		assertThat(this.withdrawn).containsExactly(key(OLD).name());
		assertThat(this.keys.has(key(inPlace).name())).isTrue();
		assertThat(key(inPlace).name()).isNotEqualTo(key(OLD).name()).startsWith("old (SHA-256 ");
	}

	@Test
	void shouldNotLetASlowReadingBringAWithdrawnKeyBack() {
		Sinks.One<List<VerificationKey>> slow = Sinks.one();
		this.answer = slow.asMono();
		this.keys.read().subscribe();
		this.time.advance(Duration.ofSeconds(1));
		this.answer = keys(NEW);
		read();

		slow.tryEmitValue(List.of(key(OLD))).orThrow();

		assertThat(idsFor("new")).containsExactly("new");
		assertThat(this.keys.has(key(OLD).name())).isFalse();
	}

	@Test
	void shouldGoOnWithKnownKeysWhileTheIssuerIsAwayUntilTheyAreTooOld() {
		read();
		this.answer = Mono.error(new IllegalStateException("away"));
		advance(MAX_AGE);
		readInVain();
		assertThat(idsFor("old")).containsExactly("old");
		int version = this.keys.version();

		advance(Duration.ofSeconds(1));
		readInVain();

		StepVerifier.create(this.keys.keysFor(header("old")))
			.verifyErrorSatisfies((failure) -> assertThat(failure).isInstanceOf(JwtException.class)
				.isNotInstanceOf(BadJwtException.class)
				.hasMessage("The issuer's keys could not be read for 86401 s, which is longer than"
						+ " switchboard.security.max-key-set-age allows"));
		assertThat(this.keys.version()).as("remembered tokens are checked again").isNotEqualTo(version);
		assertThat(this.keys.has(key(OLD).name())).as("open connections stay").isTrue();
		assertThat(this.withdrawn).isEmpty();

		this.answer = keys(OLD);
		read();
		assertThat(idsFor("old")).containsExactly("old");
		assertThat(this.keys.age()).isZero();
	}

	@Test
	void shouldNoticeAKeyThatWasWithdrawnWhileTheIssuerWasAway() {
		read();
		this.answer = Mono.error(new IllegalStateException("away"));
		advance(MAX_AGE.multipliedBy(2));
		readInVain();
		this.answer = keys(NEW);
		read();

		assertThat(this.withdrawn).containsExactly(key(OLD).name());
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

		advance(IssuerKeys.RETRY);

		assertThat(idsFor("old")).containsExactly("old");
	}

	@Test
	void shouldNoticeThatTheKeyInAFileIsAnother(@TempDir Path folder) throws IOException {
		Path file = Files.writeString(folder.resolve("key.pem"), SigningKey.ec().pem());
		IssuerKeys inFile = IssuerKeys.of(properties(file), MAX_AGE, TimeSource.SYSTEM);
		inFile.onWithdrawn(this.withdrawn::addAll);
		List<VerificationKey> first = Objects.requireNonNull(inFile.keysFor(header("any")).block());

		Files.writeString(file, "half a ke");
		StepVerifier.create(inFile.read()).verifyErrorMessage("The public key cannot be read at present");
		assertThat(inFile.keysFor(header("any")).block()).isEqualTo(first);
		Files.writeString(file, SigningKey.ec().pem());
		StepVerifier.create(inFile.read()).verifyComplete();

		assertThat(this.withdrawn).containsExactly(first.getFirst().name());
		assertThat(inFile.keysFor(header("any")).block()).isNotEqualTo(first).hasSize(1);
	}

	private static OAuth2ResourceServerProperties.Jwt properties(Path key) {
		OAuth2ResourceServerProperties properties = new OAuth2ResourceServerProperties();
		properties.getJwt().setPublicKeyLocation(new FileSystemResource(key));
		return properties.getJwt();
	}

	private void advance(Duration by) {
		this.time.advance(by);
		this.clock.advanceTimeBy(by);
	}

	private void read() {
		StepVerifier.create(this.keys.read()).verifyComplete();
	}

	private void readInVain() {
		StepVerifier.create(this.keys.read()).verifyErrorMessage("away");
	}

	private Set<String> idsFor(String id) {
		return Set.copyOf(Objects.requireNonNull(this.keys.keysFor(header(id))
			.flatMapIterable((keys) -> keys)
			.mapNotNull(VerificationKey::id)
			.collectList()
			.block()));
	}

	private static JWSHeader header(String id) {
		return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(id).build();
	}

	private static VerificationKey key(JWK jwk) {
		return VerificationKey.of(jwk).orElseThrow();
	}

	private static Mono<List<VerificationKey>> keys(JWK... jwks) {
		return Mono.just(List.of(jwks).stream().map(VerificationKey::of).flatMap(Optional::stream).toList());
	}

}
