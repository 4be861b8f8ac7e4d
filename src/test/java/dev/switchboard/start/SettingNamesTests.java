package dev.switchboard.start;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SettingNamesTests {

	private final SettingNames names = new SettingNames(List.of("switchboard.agent.max-frame",
			"switchboard.agent.allowed-origins", "switchboard.agent.port", "server.port", "logging.level"));

	@ParameterizedTest
	@ValueSource(strings = { "switchboard.agent.max-frame", "switchboard.agent.maxFrame", "switchboard.agent.max_frame",
			"SWITCHBOARD.AGENT.MAXFRAME", "switchboard.agent.allowed-origins[0]", "logging.level.root",
			"logging.level.[a.b]" })
	void shouldKnowASettingAsSpringBindsIt(String name) {
		assertThat(this.names.isKnown(name)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "switchboard.agent.maxframes", "switchboard.agent", "switchboard.port", "logging" })
	void shouldNotKnowOthers(String name) {
		assertThat(this.names.isKnown(name)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SWITCHBOARD_AGENT_MAXFRAME", "SWITCHBOARD_AGENT_MAX_FRAME",
			"SWITCHBOARD_AGENT_ALLOWEDORIGINS_0" })
	void shouldKnowAVariableAsSpringBindsIt(String variable) {
		assertThat(this.names.isKnownVariable(variable)).isTrue();
	}

	@Test
	void shouldNotKnowOtherVariables() {
		assertThat(this.names.isKnownVariable("SWITCHBOARD_AGENT_MAXFRAMES")).isFalse();
		assertThat(this.names.nearestVariable("SWITCHBOARD_AGENT_MAXFRAMES")).hasValue("SWITCHBOARD_AGENT_MAXFRAME");
	}

	@Test
	void shouldFindTheNameThatIsMeant() {
		assertThat(this.names.nearest("switchboard.agent.max-farme")).hasValue("switchboard.agent.max-frame");
		assertThat(this.names.nearest("swichboard.agent.port")).hasValue("switchboard.agent.port");
		assertThat(this.names.nearest("agent.port")).hasValue("switchboard.agent.port");
		assertThat(this.names.nearest("port")).hasValue("server.port");
		assertThat(this.names.nearest("switchboard.agent.cheese")).isEmpty();
	}

	@Test
	void shouldReadTheNamesOfThisBuildAndOfSpringBoot() {
		SettingNames all = SettingNames.read();
		assertThat(all.under("switchboard")).contains("switchboard.agent.heartbeat", "switchboard.node.lease",
				"switchboard.security.mode");
		assertThat(List.of("server.port", "management.server.port", "logging.level.root", "spring.profiles.active",
				"spring.config.additional-location", "management.endpoint.health.group.readiness.include",
				"spring.security.oauth2.resourceserver.jwt.public-key-location", "spring.r2dbc.url", "debug"))
			.allMatch(all::isKnown);
	}

}
