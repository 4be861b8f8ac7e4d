package dev.switchboard.contract;

import java.time.Duration;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("Starting")
class StartupIT {

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "server.address=0.0.0.0", "management.server.address=0.0.0.0" })
	@DisplayName("dev on an address that is not loopback | refuses to start")
	void shouldRefuseToStartInDevModeOnOtherAddresses(String option) throws Exception {
		assertRefused(option);
	}

	@Test
	@DisplayName("jwt without a way to check tokens | refuses to start")
	void shouldRefuseToStartWithoutAWayToCheckTokens() throws Exception {
		assertRefused("switchboard.security.mode=jwt");
	}

	@Test
	@DisplayName("another mode | refuses to start")
	void shouldRefuseToStartInAnUnknownMode() throws Exception {
		assertRefused("switchboard.security.mode=none");
	}

	@Test
	@DisplayName("jwt with a shared directory and no secret of the nodes | refuses to start")
	void shouldRefuseToShareADirectoryWithoutASecret() throws Exception {
		assertRefused("Set switchboard.forwarding.secret", "switchboard.security.mode=jwt",
				"spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://127.0.0.1:9/keys",
				"spring.r2dbc.url=r2dbc:mysql://127.0.0.1:9/none", "spring.r2dbc.username=root");
	}

	@Test
	@DisplayName("a JDBC URL | refuses to start, and says how the URL is written")
	void shouldSayHowTheUrlOfTheDatabaseIsWritten() throws Exception {
		assertRefused("Write it as r2dbc:mysql://db.internal:3306/switchboard",
				"spring.r2dbc.url=jdbc:mysql://db.internal:3306/switchboard?user=u&password=hunter2");
	}

	@Test
	@DisplayName("a directory that was never reached | 503, and one line in the log that says why")
	void shouldNotBeReadyBeforeTheDirectoryWasReached() {
		try (GatewayProcess gateway = GatewayProcess
			.launch("spring.r2dbc.url=r2dbc:mysql://u:hunter2@127.0.0.1:9/none")) {
			Awaitility.await().atMost(Duration.ofMinutes(4)).until(() -> gateway.readiness() == 503);
			Awaitility.await()
				.atMost(Duration.ofMinutes(1))
				.until(() -> gateway.log().contains("nothing listens at 127.0.0.1:9"));
			assertThat(gateway.readiness()).isEqualTo(503);
			assertThat(gateway.log()).doesNotContain("hunter2");
		}
	}

	private static void assertRefused(String option) throws Exception {
		assertRefused("", option);
	}

	private static void assertRefused(String reason, String... options) throws Exception {
		GatewayProcess gateway = GatewayProcess.launch(options);
		try {
			assertThat(gateway.awaitExit()).as(gateway.log()).isNotZero();
			assertThat(gateway.log()).contains(reason).doesNotContain("hunter2", "	at ");
		}
		finally {
			gateway.kill();
		}
	}

}
