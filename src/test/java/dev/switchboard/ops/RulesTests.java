package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RulesTests {

	private static final Pattern HEADING = Pattern.compile("^#{2,4} (.+)$", Pattern.MULTILINE);

	@Test
	void shouldUseOnlyMetricsThatAreDocumented() throws IOException {
		Set<String> used = MetricNames.in(Rules.read().<List<String>>read("$..expr").toString());
		assertThat(used).hasSizeGreaterThan(10).isSubsetOf(MetricNames.documented());
	}

	@Test
	void shouldLeadEachAlertToItsEntryOfTheRunbook() throws IOException {
		Set<String> anchors = HEADING.matcher(Files.readString(Path.of("docs/operating.md")))
			.results()
			.map(RulesTests::anchor)
			.collect(Collectors.toSet());
		List<Map<String, Object>> alerts = Rules.read().read("$.groups[*].rules[?(@.alert)]");
		assertThat(alerts).isNotEmpty().allSatisfy((alert) -> {
			String anchor = JsonPath.<String>read(alert, "$.alert").toLowerCase(Locale.ROOT);
			assertThat(JsonPath.<String>read(alert, "$.annotations.runbook_url"))
				.isEqualTo("docs/operating.md#" + anchor);
			assertThat(anchors).contains(anchor);
		});
	}

	/** As the pages of source hosts make them. */
	private static String anchor(MatchResult heading) {
		return heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
	}

	@Test
	void shouldSayHowUrgentAnAlertIsAndForHowLongItMustHold() throws IOException {
		List<Map<String, Object>> alerts = Rules.read().read("$.groups[*].rules[?(@.alert)]");
		assertThat(alerts).allSatisfy((alert) -> {
			assertThat(alert).containsKeys("for", "expr");
			assertThat(JsonPath.<String>read(alert, "$.labels.severity")).isIn("critical", "warning", "info");
			assertThat(JsonPath.<String>read(alert, "$.annotations.summary")).isNotBlank();
		});
	}

	@Test
	void shouldHaveOneAlertOfEachName() throws IOException {
		assertThat(Rules.alerts()).isNotEmpty().doesNotHaveDuplicates();
	}

	@Test
	void shouldTestThatEachAlertFiresAndDoesNotFire() throws IOException {
		var tests = Manifests.parse(Files.readString(Rules.TESTS)).all().getFirst();
		assertThat(tests.<List<String>>read("$.tests[0].alert_rule_test[*].alertname"))
			.containsExactlyInAnyOrderElementsOf(Rules.alerts());
		assertThat(tests.<List<List<Object>>>read("$.tests[0].alert_rule_test[*].exp_alerts")).isEmpty();
		List<String> fired = tests.read("$.tests[1:].alert_rule_test[?(@.exp_alerts)].alertname");
		assertThat(fired).containsAll(Rules.alerts());
	}

}
