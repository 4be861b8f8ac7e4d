package dev.switchboard.dev;

import java.util.Map;

import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LoopbackEnvironmentTests {

	private static final String NODE = "switchboard.node.address";

	private static final String FORWARDING = "switchboard.forwarding.address";

	private static ConfigurableEnvironment processed(Map<String, Object> settings) {
		ConfigurableEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
		new LoopbackEnvironment().postProcessEnvironment(environment, new SpringApplication());
		return environment;
	}

	@Test
	void shouldListenOnLoopbackAndSaySoToOtherNodes() {
		ConfigurableEnvironment environment = processed(Map.of());
		assertThat(environment.getProperty("server.address")).isEqualTo("127.0.0.1");
		assertThat(environment.getProperty(FORWARDING)).isEqualTo("127.0.0.1");
		assertThat(environment.getProperty(NODE)).isEqualTo("127.0.0.1");
	}

	@Test
	void shouldListenForOtherNodesWhereTheyReachThisOne() {
		ConfigurableEnvironment environment = processed(Map.of(NODE, "127.0.0.2"));
		assertThat(environment.getProperty(FORWARDING)).isEqualTo("127.0.0.2");
		assertThat(environment.getProperty(NODE)).isEqualTo("127.0.0.2");
	}

	/**
	 * In a container, nothing outside can reach loopback, so this setting must open the
	 * listeners.
	 */
	@Test
	void shouldListenOnAllInterfacesForAContainerIfToldSo() {
		ConfigurableEnvironment environment = processed(Map.of("switchboard.dev.bind-all", "true"));
		assertThat(environment.getProperty("server.address")).isNull();
		assertThat(environment.getProperty("switchboard.agent.address")).isNull();
		assertThat(environment.getProperty("management.server.address")).isNull();
	}

	@Test
	void shouldStayOnLoopbackForOtherNodesInAContainer() {
		ConfigurableEnvironment environment = processed(
				Map.of("switchboard.dev.bind-all", "true", "server.address", "0.0.0.0"));
		assertThat(environment.getProperty(FORWARDING)).isEqualTo("127.0.0.1");
		assertThat(environment.getProperty(NODE)).isEqualTo("127.0.0.1");
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> processed(Map.of("switchboard.dev.bind-all", "true", FORWARDING, "0.0.0.0")));
	}

	@Test
	void shouldStayOnLoopbackIfToldNotTo() {
		assertThat(processed(Map.of("switchboard.dev.bind-all", "false")).getProperty("server.address"))
			.isEqualTo("127.0.0.1");
	}

	@Test
	void shouldRefuseToListenElsewhere() {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> processed(Map.of("server.address", "192.0.2.1")));
	}

	@Test
	void shouldSetNothingInJwtMode() {
		ConfigurableEnvironment environment = processed(Map.of("switchboard.security.mode", "jwt"));
		assertThat(environment.getProperty("server.address")).isNull();
		assertThat(environment.getProperty(NODE)).isNull();
	}

}
