package dev.switchboard.contract;

import dev.switchboard.GatewayProcess;
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

	private static void assertRefused(String option) throws Exception {
		GatewayProcess gateway = GatewayProcess.launch(option);
		try {
			assertThat(gateway.awaitExit()).as(gateway.log()).isNotZero();
		}
		finally {
			gateway.kill();
		}
	}

}
