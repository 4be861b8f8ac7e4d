package dev.switchboard.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AgentLibraryDocumentTests {

	@Test
	void shouldShowCodeThatCompiles() throws IOException {
		List<String> shown = between("docs/agent-library.md", "```java", "```");
		List<String> compiled = between("src/test/java/sample/AgentLibrarySample.java", "// sample", "// end");
		assertThat(shown).hasSizeGreaterThan(15).isEqualTo(compiled);
	}

	/**
	 * Returns the lines between a start line and an end line, of all such parts of the
	 * file.
	 */
	private static List<String> between(String file, String start, String end) throws IOException {
		List<String> between = new ArrayList<>();
		boolean inside = false;
		for (String line : Files.readAllLines(Path.of(file)).stream().map(String::strip).toList()) {
			boolean ends = inside && line.equals(end);
			if (inside && !ends) {
				between.add(line);
			}
			inside = (inside || line.equals(start)) && !ends;
		}
		return between;
	}

}
