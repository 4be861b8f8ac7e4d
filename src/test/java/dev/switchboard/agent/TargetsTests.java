package dev.switchboard.agent;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;

import dev.switchboard.protocol.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TargetsTests {

	private static final Ending UNREACHABLE = new Ending.Unreachable(new IOException());

	private static final Ending CLOSED = new Ending.Closed(1001, "", false, Duration.ZERO, false);

	private final Targets targets = targets("wss://a", "wss://b");

	private static Targets targets(String... urls) {
		return new Targets(List.of(urls).stream().map(URI::create).toList());
	}

	private static Ending redirected(String location) {
		return new Ending.Redirected(URI.create(location));
	}

	@ParameterizedTest
	@CsvSource({ "ws://a:1,ws://a:1/v1/connect", "wss://a/,wss://a/v1/connect", "https://a,wss://a/v1/connect",
			"http://[::1]:8090,ws://[::1]:8090/v1/connect", "ws://a/x?y=z,ws://a/x?y=z" })
	void shouldCompleteAUrl(String given, String complete) {
		assertThat(Targets.complete(URI.create(given))).hasToString(complete);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://a", "a", "/v1/connect", "ws:/a", "mailto:a@b", "ws://a:0", "ws://a:65536" })
	void shouldRefuseWhatIsNoWebSocketUrl(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> Targets.complete(URI.create(url)));
	}

	@Test
	void shouldTakeTurnsWhenOneCannotBeReached() {
		goes("a");
		this.targets.ended(UNREACHABLE);
		goes("b");
		this.targets.ended(CLOSED);
		goes("b");
		this.targets.ended(new Ending.Refused(503, null, new IOException()));
		goes("a");
	}

	@Test
	void shouldFollowARedirectForOneAttemptAndReturn() {
		goes("a");
		this.targets.ended(redirected("wss://node-7"));
		goes("node-7");
		this.targets.ended(CLOSED);
		goes("a");
		this.targets.ended(redirected("https://node-8/v1/connect"));
		goes("node-8");
		this.targets.ended(UNREACHABLE);
		goes("a");
	}

	@Test
	void shouldKnowWhetherThereAreOthersToTry() {
		goes("a");
		this.targets.ended(UNREACHABLE);
		assertThat(this.targets.hasOthersToTry()).isTrue();
		goes("b");
		this.targets.ended(UNREACHABLE);
		assertThat(this.targets.hasOthersToTry()).isFalse();
		goes("a");
		this.targets.ended(redirected("wss://node-7"));
		goes("node-7");
		this.targets.ended(UNREACHABLE);
		assertThat(this.targets.hasOthersToTry()).isFalse();
	}

	@Test
	void shouldResolveARelativeLocation() {
		goes("a");
		this.targets.ended(redirected("/other"));
		assertThat(this.targets.next()).hasToString("wss://a/other");
	}

	@Test
	void shouldGoWhereGoAwaySays() {
		goes("a");
		this.targets.ended(new Ending.Leaving(new Frame.GoAway(0, "wss://node-9", "")));
		goes("node-9");
		this.targets.ended(new Ending.Leaving(new Frame.GoAway(0, null, "")));
		goes("b");
	}

	@Test
	void shouldTakeTheNextUrlAfterAGoAwayWithoutOne() {
		goes("a");
		this.targets.ended(new Ending.Leaving(new Frame.GoAway(0, null, "drain")));
		goes("b");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://a", "http://a", "ftp://a", "wss:///x" })
	void shouldNotBeLedAwayFromEncryptionOrToNowhere(String url) {
		goes("a");
		this.targets.ended(redirected(url));
		assertThat(this.targets.next().getScheme()).isEqualTo("wss");
		this.targets.ended(new Ending.Leaving(new Frame.GoAway(0, "no url at all", "")));
		assertThat(this.targets.next().getScheme()).isEqualTo("wss");
	}

	@Test
	void shouldNotFollowRedirectsForEver() {
		goes("a");
		for (int i = 0; i < 3; i++) {
			this.targets.ended(redirected("wss://loop"));
			goes("loop");
		}
		this.targets.ended(redirected("wss://loop"));
		goes("b");
	}

	private void goes(String host) {
		assertThat(this.targets.next().getHost()).isEqualTo(host);
	}

}
