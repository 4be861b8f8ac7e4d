package dev.switchboard.label;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SelectorTests {

	private static Requirement requirement(String name, boolean negated, String... values) {
		return new Requirement(name, negated, new LinkedHashSet<>(List.of(values)));
	}

	private static void assertFault(String text, String fault) {
		assertThatExceptionOfType(SelectorException.class).isThrownBy(() -> Selector.parse(text))
			.withMessage("selector: " + fault);
	}

	@Test
	void shouldReadEachForm() {
		assertThat(Selector.parse("env=prod,role!=db,region in (eu,us),zone notin (a),gpu,!canary,arch==arm")
			.requirements()).containsExactly(requirement("env", false, "prod"), requirement("role", true, "db"),
					requirement("region", false, "eu", "us"), requirement("zone", true, "a"), requirement("gpu", false),
					requirement("canary", true), requirement("arch", false, "arm"));
	}

	/** cloudfoundry/cloud_controller_ng 1444. */
	@ParameterizedTest
	@ValueSource(strings = { "environment in(production,staging),tier=backend",
			"environment in (production, staging), tier=backend",
			"environment in ( production ,staging ),tier = backend",
			" environment  in\t(production,staging) , tier== backend ",
			"environment in (production,staging),tier =backend" })
	void shouldTakeWhiteSpaceBetweenTokens(String text) {
		assertThat(Selector.parse(text)).isEqualTo(Selector.parse("environment in (production,staging),tier=backend"));
	}

	/** kubernetes/kubernetes 14622. */
	@ParameterizedTest
	@ValueSource(strings = { "env=", "env= ", "env==", "env = \"\"" })
	void shouldReadNothingAsTheEmptyValue(String text) {
		assertThat(Selector.parse(text).requirements()).containsExactly(requirement("env", false, ""));
	}

	/** openshift/origin 21972: the empty value is one of a set, too. */
	@Test
	void shouldReadTheEmptyValueInASet() {
		assertThat(Selector.parse("track in (a,)").requirements())
			.containsExactly(requirement("track", false, "a", ""));
		assertThat(Selector.parse("track notin ()").requirements()).containsExactly(requirement("track", true, ""));
	}

	/** projectsveltos/libsveltos 317: an empty selector selects all, as in Kubernetes. */
	@ParameterizedTest
	@ValueSource(strings = { "", " ", "\t" })
	void shouldSelectAllWithoutARequirement(String text) {
		assertThat(Selector.parse(text).selectsAll()).isTrue();
	}

	@Test
	void shouldReadQuotedValues() {
		assertThat(Selector.parse("site=\"Zürich, \\\"HB\\\" (1)\",owner in (\"a=b\", c)").requirements())
			.containsExactly(requirement("site", false, "Zürich, \"HB\" (1)"), requirement("owner", false, "a=b", "c"));
	}

	@Test
	void shouldReadNamesThatAreOperators() {
		assertThat(Selector.parse("in in (in),notin,!in").requirements())
			.containsExactly(requirement("in", false, "in"), requirement("notin", false), requirement("in", true));
	}

	/** kubesphere/kubesphere 3796: a bad selector must not select all. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			=prod            | name of a label expected at position 1
			env=prod,        | name of a label expected at position 10
			,env=prod        | name of a label expected at position 1
			env=prod role=db | ',' expected at position 10
			env prod         | '=', '==', '!=', 'in', 'notin' or ',' expected at position 5
			env IN (a)       | '=', '==', '!=', 'in', 'notin' or ',' expected at position 5
			env in a         | '(' expected at position 8
			env in (a b)     | ',' or ')' expected at position 11
			env in (a        | ',' or ')' expected at position 10
			env=a=b          | ',' expected at position 6
			!env=prod        | ',' expected at position 5
			!!env            | name of a label expected at position 2
			.env=prod        | name of a label expected at position 1
			é=prod           | name of a label expected at position 1
			env="prod        | '"' without an end at position 5
			env="prod\\      | '"' without an end at position 5
			env>1            | name of a label expected at position 1
			""")
	void shouldSayWhatIsWrongAndWhere(String text, String fault) {
		assertFault(text, fault);
	}

	@Test
	void shouldLimitWhatItReads() {
		assertFault("a".repeat(8193), "more than 8192 characters at position 8193");
		assertFault("a=" + "v".repeat(257), "value longer than 256 characters at position 3");
		assertThat(Selector.parse(list("a%d", 32)).requirements()).hasSize(32);
		assertFault(list("a%d", 33), "more than 32 requirements at position " + (list("a%d", 32).length() + 2));
		assertThat(Selector.parse("a in (" + list("v%d", 100) + ")").requirements()).hasSize(1);
		assertFault("a in (" + list("v%d", 101) + ")",
				"more than 100 values at position " + (("a in (" + list("v%d", 100)).length() + 2));
	}

	private static String list(String item, int count) {
		return IntStream.range(0, count).mapToObj(item::formatted).collect(Collectors.joining(","));
	}

}
