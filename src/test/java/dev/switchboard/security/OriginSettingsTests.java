package dev.switchboard.security;

import java.util.List;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

class OriginSettingsTests {

	private final OriginSettings settings = new OriginSettings(
			List.of("https://Console.example", "http://localhost:3000"));

	@Test
	void shouldAllowProgramsWhichSendNoOrigin() {
		assertThat(this.settings.allows(new HttpHeaders())).isTrue();
		assertThat(new OriginSettings(List.of()).allows(new HttpHeaders())).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://console.example", "https://CONSOLE.example", "http://localhost:3000" })
	void shouldAllowAnOriginOnTheList(String origin) {
		assertThat(this.settings.allows(origins(origin))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://console.example", "https://console.example:444", "http://localhost",
			"https://console.example.evil.example", "https://evil.example/https://console.example", "null", "" })
	void shouldAllowNoOther(String origin) {
		assertThat(this.settings.allows(origins(origin))).isFalse();
		assertThat(new OriginSettings(List.of()).allows(origins(origin))).isFalse();
	}

	@Test
	void shouldLookAtEveryOriginHeader() {
		assertThat(this.settings.allows(origins("https://console.example", "https://evil.example"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "**", "https://*.example", "console.example", "https://console.example/", "" })
	void shouldRefuseToBeConfiguredWithWhatIsNoOrigin(String origin) {
		assertThatIllegalArgumentException().isThrownBy(() -> new OriginSettings(List.of(origin)))
			.withMessageContaining("is not an origin");
	}

	@Test
	void shouldAllowTheHostThatIsConnectedTo() {
		HttpHeaders headers = origins("https://gw.example");
		headers.set(HttpHeaders.HOST, "gw.example");
		assertThat(new OriginSettings(List.of()).allows(headers)).isTrue();
		headers.set(HttpHeaders.HOST, "other.example");
		assertThat(new OriginSettings(List.of()).allows(headers)).isFalse();
	}

	@Test
	void shouldNotChooseBetweenTwoHosts() {
		HttpHeaders headers = origins("https://gw.example");
		headers.addAll(HttpHeaders.HOST, List.of("other.example", "gw.example"));
		assertThat(new OriginSettings(List.of()).allows(headers)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://any.example", "null", "chrome-extension://abc" })
	void shouldAllowEveryOriginIfToldTo(String origin) {
		assertThat(new OriginSettings(List.of("*")).allows(origins(origin))).isTrue();
	}

	@Test
	void shouldRefuseToAllowEveryOriginWithoutCredentials() {
		OriginSettings all = new OriginSettings(List.of("https://console.example", "*"));
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> all.requireSafeIn(SecuritySettings.Mode.DEV))
			.withMessageContaining("switchboard.agent.allowed-origins");
		assertThatNoException().isThrownBy(() -> all.requireSafeIn(SecuritySettings.Mode.JWT));
		assertThatNoException().isThrownBy(() -> this.settings.requireSafeIn(SecuritySettings.Mode.DEV));
	}

	@Test
	void shouldNameTheHeaderItsValueAndTheSetting() {
		assertThatExceptionOfType(ProblemException.class)
			.isThrownBy(() -> this.settings.require(origins("https://evil.example")))
			.withMessageContaining("The Origin 'https://evil.example'")
			.withMessageContaining("switchboard.agent.allowed-origins")
			.withMessageContaining("Host");
	}

	@Test
	void shouldRepeatNothingThatCouldDoHarm() {
		String sent = "<script>\u001B[31m'\n" + "x".repeat(1000);
		assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> this.settings.require(origins(sent)))
			.satisfies((refused) -> assertThat(refused.detail()).hasSizeLessThan(300)
				.doesNotContain("<", ">", "\u001B", "\n")
				.contains("?script?"));
	}

	private static HttpHeaders origins(String... origins) {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll(HttpHeaders.ORIGIN, List.of(origins));
		return headers;
	}

}
