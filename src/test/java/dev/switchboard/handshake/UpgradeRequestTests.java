package dev.switchboard.handshake;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class UpgradeRequestTests {

	private static MockServerHttpRequest.BaseBuilder<?> upgrade(HttpMethod method, String path) {
		return MockServerHttpRequest.method(method, path)
			.header("Connection", "keep-alive, Upgrade")
			.header("Upgrade", "WebSocket");
	}

	@ParameterizedTest
	@ValueSource(strings = { "switchboard.v1.json", "bearer.x, switchboard.v1.json", "other,switchboard.v1.json" })
	void shouldAcceptAnUpgradeThatOffersTheSubprotocol(String offered) {
		MockServerHttpRequest request = upgrade(HttpMethod.GET, "/v1/connect?agent=a")
			.header("Sec-WebSocket-Protocol", offered)
			.build();
		assertThatNoException().isThrownBy(() -> UpgradeRequest.require(request));
	}

	@Test
	void shouldReadListsAsLists() {
		MockServerHttpRequest request = MockServerHttpRequest.get("/v1/connect")
			.header("Connection", "keep-alive")
			.header("Connection", "x, UPGRADE")
			.header("Upgrade", "h2c, WebSocket")
			.header("Sec-WebSocket-Protocol", "other")
			.header("Sec-WebSocket-Protocol", "bearer.x,switchboard.v1.json")
			.header("Content-Length", "0")
			.build();
		assertThatNoException().isThrownBy(() -> UpgradeRequest.require(request));
	}

	@Test
	void shouldRefuseAnUpgradeWithABody() {
		assertRefused(upgrade(HttpMethod.GET, "/v1/connect").header("Sec-WebSocket-Protocol", "switchboard.v1.json")
			.header("Content-Length", "1"), Problem.INVALID_REQUEST);
		assertRefused(upgrade(HttpMethod.GET, "/v1/connect").header("Sec-WebSocket-Protocol", "switchboard.v1.json")
			.header("Transfer-Encoding", "chunked"), Problem.INVALID_REQUEST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/v1/connect/", "/v1/connects", "/V1/connect" })
	void shouldKnowOnePathOnly(String path) {
		assertRefused(upgrade(HttpMethod.GET, path), Problem.NOT_FOUND);
	}

	@ParameterizedTest
	@ValueSource(strings = { "POST", "HEAD", "CONNECT" })
	void shouldKnowOneMethodOnly(String method) {
		assertRefused(upgrade(HttpMethod.valueOf(method), "/v1/connect"), Problem.METHOD_NOT_ALLOWED);
	}

	@Test
	void shouldRefuseARequestThatIsNoUpgrade() {
		assertRefused(MockServerHttpRequest.get("/v1/connect"), Problem.INVALID_REQUEST);
		assertRefused(MockServerHttpRequest.get("/v1/connect").header("Upgrade", "websocket"), Problem.INVALID_REQUEST);
		assertRefused(MockServerHttpRequest.get("/v1/connect").header("Connection", "upgrade").header("Upgrade", "h2c"),
				Problem.INVALID_REQUEST);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "switchboard.v2.json", "SWITCHBOARD.V1.JSON" })
	void shouldRefuseAnUpgradeThatDoesNotOfferTheSubprotocol(String offered) {
		assertRefused(upgrade(HttpMethod.GET, "/v1/connect").header("Sec-WebSocket-Protocol", offered),
				Problem.INVALID_REQUEST);
	}

	private static void assertRefused(MockServerHttpRequest.BaseBuilder<?> request, Problem problem) {
		MockServerHttpRequest built = request.build();
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> UpgradeRequest.require(built))
			.satisfies((refused) -> assertThat(refused.problem()).isEqualTo(problem));
	}

}
