package dev.switchboard.token;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AllowedMethodsTests {

	@ParameterizedTest
	@CsvSource({ "config.*, config.get, true", "config.*, config., true", "config.*, config, false",
			"config.*, configure, false", "config.*, xconfig.get, false", "config.*, CONFIG.get, false",
			"config.get, config.get, true", "config.get, config.get2, false", "config.get, config.*, false",
			"*, anything, true", "a*b, a*b, true", "a*b, axb, false", "a:b, a:b, true" })
	void shouldAllowWhatThePatternDoes(String pattern, String method, boolean allowed) {
		AllowedMethods methods = AllowedMethods.of(Set.of("agent:call:" + pattern), "agent:call");
		assertThat(methods.allows(method)).isEqualTo(allowed);
	}

	@Test
	void shouldReadTheScopesOfOneKind() {
		Set<String> scopes = Set.of("agent:call:b", "agent:call:a.*", "agent:push:c", "agent:read", "agent:calls:d");
		assertThat(AllowedMethods.of(scopes, "agent:call").patterns()).containsExactly("a.*", "b");
		assertThat(AllowedMethods.of(scopes, "agent:push").patterns()).containsExactly("c");
	}

	@Test
	void shouldAllowNothingWithoutAPattern() {
		assertThat(AllowedMethods.of(Set.of("agent:call:", "agent:call", "agent"), "agent:call").isEmpty()).isTrue();
	}

}
