package dev.switchboard.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.token.TestDecoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.security.oauth2.jwt.ReactiveJwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The checks of the settings when a node starts. */
@ExtendWith(OutputCaptureExtension.class)
class StartTests {

	private static final List<String> ADDRESSES = List.of("server.address", "management.server.address",
			"switchboard.agent.address", "switchboard.forwarding.address");

	private static final String OWN_MANAGEMENT_PORT = "--management.server.port=0";

	@Test
	void shouldListenOnLoopbackInDevMode() {
		assertAddresses("127.0.0.1", OWN_MANAGEMENT_PORT);
		assertAddresses("127.0.0.1", OWN_MANAGEMENT_PORT, "--switchboard.security.mode=dev");
	}

	@Test
	void shouldListenForOtherNodesWhereTheyAreTold() {
		for (String[] pair : new String[][] { { "127.0.0.2", "127.0.0.2" }, { "10.0.0.1", "127.0.0.1" } }) {
			try (ConfigurableApplicationContext context = start(OWN_MANAGEMENT_PORT,
					"--switchboard.node.address=" + pair[0])) {
				assertThat(context.getEnvironment().getProperty("switchboard.forwarding.address")).isEqualTo(pair[1]);
			}
		}
	}

	@Test
	void shouldListenOnAllInterfacesInJwtMode() {
		assertAddresses(null, OWN_MANAGEMENT_PORT, "--switchboard.security.mode=jwt");
	}

	@Test
	void shouldLeaveTheAddressOfASharedManagementPortAlone() {
		try (ConfigurableApplicationContext context = start("--server.port=1", "--management.server.port=1")) {
			assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
			assertThat(context.getEnvironment().getProperty("management.server.address")).isNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.1.2.3", "::1", "localhost" })
	void shouldKeepAnotherLoopbackAddress(String address) {
		List<String> arguments = new ArrayList<>(List.of(OWN_MANAGEMENT_PORT));
		ADDRESSES.forEach((property) -> arguments.add("--" + property + "=" + address));

		assertAddresses(address, arguments.toArray(String[]::new));
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.address", "management.server.address", "switchboard.agent.address",
			"switchboard.forwarding.address" })
	void shouldRefuseToListenElsewhereInDevMode(String property, CapturedOutput output) {
		assertRefused(output, property + " is set to '0.0.0.0'", "--" + property + "=0.0.0.0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "::", "10.0.0.1", "nowhere.invalid", "" })
	void shouldRefuseWhateverIsNotLoopback(String address, CapturedOutput output) {
		assertRefused(output, "server.address is set to '" + address + "'", "--server.address=" + address);
	}

	@Test
	void shouldLookAtEnvironmentVariables() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("SWITCHBOARD_AGENT_ADDRESS", "0.0.0.0")));
		SpringApplication application = application();
		application.setEnvironment(environment);

		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(application::run)
			.withMessageContaining("switchboard.agent.address is set to '0.0.0.0'");
	}

	@Test
	void shouldLookAtConfigurationFiles(@TempDir Path directory) throws IOException {
		Files.writeString(directory.resolve("application.properties"), "server.address=0.0.0.0");

		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> start("--spring.config.additional-location=" + directory.toUri()));
	}

	@Test
	void shouldRefuseJwtModeWithoutAWayToCheckTokens(CapturedOutput output) {
		SpringApplication application = application(JwtOnly.class);

		assertThatExceptionOfType(Exception.class).isThrownBy(() -> application.run("--switchboard.security.mode=jwt"))
			.withRootCauseInstanceOf(SettingsRefusedException.class);
		assertThat(output).contains("The node does not start.")
			.contains("In jwt mode there must be a way to check tokens")
			.contains("public-key-location, .jwk-set-uri or .issuer-uri");
	}

	@ParameterizedTest
	@ValueSource(strings = { "jwk-set-uri=http://127.0.0.1:9/keys", "issuer-uri=http://127.0.0.1:9/" })
	void shouldStartWhileTheIssuerIsAway(String property) {
		SpringApplication application = application(JwtOnly.class);

		try (ConfigurableApplicationContext context = application.run("--switchboard.security.mode=jwt",
				"--spring.security.oauth2.resourceserver.jwt." + property)) {
			assertThat(context.getBean(ReactiveJwtDecoder.class)).isNotNull();
		}
	}

	private static void assertAddresses(@Nullable String expected, String... arguments) {
		try (ConfigurableApplicationContext context = start(arguments)) {
			Environment environment = context.getEnvironment();
			assertThat(ADDRESSES).allSatisfy(
					(property) -> assertThat(environment.getProperty(property)).as(property).isEqualTo(expected));
		}
	}

	private static void assertRefused(CapturedOutput output, String description, String... arguments) {
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> start(arguments))
			.withMessageContaining(description);
		assertThat(output).contains("The node does not start.")
			.contains(description)
			.contains("or set switchboard.security.mode=jwt");
	}

	private static ConfigurableApplicationContext start(String... arguments) {
		return application().run(arguments);
	}

	private static SpringApplication application() {
		return application(Nothing.class);
	}

	private static SpringApplication application(Class<?> source) {
		SpringApplication application = new SpringApplication(source);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(OAuth2ResourceServerProperties.class)
	static class JwtOnly {

		@Bean
		ReactiveJwtDecoder decoder(OAuth2ResourceServerProperties properties) {
			return TestDecoder.of(properties);
		}

	}

}
