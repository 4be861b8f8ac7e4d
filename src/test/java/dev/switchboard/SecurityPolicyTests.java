package dev.switchboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The threat model names tests, and each of them is there. */
class SecurityPolicyTests {

	private static final Pattern ROW = Pattern.compile("^\\|(.+)\\|(.+)\\|(.+)\\|$", Pattern.MULTILINE);

	private static final Pattern TEST = Pattern.compile("`(\\w+(?:Tests|IT))`");

	@Test
	void shouldNameTestsThatExistForEachThreat() throws IOException {
		Matcher rows = ROW.matcher(Files.readString(Path.of("SECURITY.md")));
		Set<String> there = tests();
		int threats = 0;
		while (rows.find()) {
			if (!rows.group(1).isBlank() && !rows.group(1).contains("threat") && !rows.group(1).contains("---")) {
				threats++;
				assertThat(named(rows.group(3))).as(rows.group(1)).isNotEmpty().isSubsetOf(there);
			}
		}
		assertThat(threats).isGreaterThan(10);
	}

	private static Set<String> named(String cell) {
		return TEST.matcher(cell)
			.results()
			.map((found) -> found.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Set<String> tests() throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith(".java"))
				.map((name) -> name.substring(0, name.length() - ".java".length()))
				.collect(Collectors.toSet());
		}
	}

}
