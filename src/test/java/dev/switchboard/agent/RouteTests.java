package dev.switchboard.agent;

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

class RouteTests {

	private static final Ending UNREACHABLE = new Ending.Unreachable("");

	private static final Ending CLOSED = new Ending.Closed(1001, false, Duration.ZERO);

	private final Route route = route("wss://a", "wss://b");

	private static Route route(String... urls) {
		return new Route(List.of(urls).stream().map(URI::create).toList());
	}

	private static Ending redirected(String location) {
		return new Ending.Redirected(URI.create(location));
	}

	@ParameterizedTest
	@CsvSource({ "ws://a:1,ws://a:1/v1/connect", "wss://a/,wss://a/v1/connect", "https://a,wss://a/v1/connect",
			"http://[::1]:8090,ws://[::1]:8090/v1/connect", "ws://a/x?y=z,ws://a/x?y=z" })
	void shouldCompleteAUrl(String given, String complete) {
		assertThat(Route.complete(URI.create(given))).hasToString(complete);
	}

	@ParameterizedTest
	@ValueSource(strings = { "ftp://a", "a", "/v1/connect", "ws:/a", "mailto:a@b" })
	void shouldRefuseWhatIsNoWebSocketUrl(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> Route.complete(URI.create(url)));
	}

	@Test
	void shouldTakeTurnsWhenOneCannotBeReached() {
		goes("a");
		this.route.ended(UNREACHABLE);
		goes("b");
		this.route.ended(CLOSED);
		goes("b");
		this.route.ended(new Ending.Refused(503, null));
		goes("a");
	}

	@Test
	void shouldFollowARedirectForOneAttemptAndReturn() {
		goes("a");
		this.route.ended(redirected("wss://node-7"));
		goes("node-7");
		this.route.ended(CLOSED);
		goes("a");
		this.route.ended(redirected("https://node-8/v1/connect"));
		goes("node-8");
		this.route.ended(UNREACHABLE);
		assertThat(this.route.next().getHost()).isIn("a", "b");
	}

	@Test
	void shouldResolveARelativeLocation() {
		goes("a");
		this.route.ended(redirected("/other"));
		assertThat(this.route.next()).hasToString("wss://a/other");
	}

	@Test
	void shouldGoWhereGoAwaySays() {
		goes("a");
		this.route.ended(new Ending.Leaving(new Frame.GoAway(0, "wss://node-9", "")));
		goes("node-9");
		this.route.ended(new Ending.Leaving(new Frame.GoAway(0, null, "")));
		goes("a");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://a", "http://a", "ftp://a", "wss:///x" })
	void shouldNotBeLedAwayFromEncryptionOrToNowhere(String url) {
		goes("a");
		this.route.ended(redirected(url));
		assertThat(this.route.next().getScheme()).isEqualTo("wss");
		this.route.ended(new Ending.Leaving(new Frame.GoAway(0, "no url at all", "")));
		assertThat(this.route.next().getScheme()).isEqualTo("wss");
	}

	@Test
	void shouldNotFollowRedirectsForEver() {
		goes("a");
		for (int i = 0; i < 3; i++) {
			this.route.ended(redirected("wss://loop"));
			goes("loop");
		}
		this.route.ended(redirected("wss://loop"));
		goes("b");
	}

	private void goes(String host) {
		assertThat(this.route.next().getHost()).isEqualTo(host);
	}

}
