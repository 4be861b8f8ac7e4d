package dev.switchboard.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AgentLibraryDocumentTests {

	@Test
	void shouldShowCodeThatCompiles() throws IOException {
		List<String> shown = between("docs/agent-library.md", "```java", "```");
		List<String> compiled = between("src/test/java/dev/switchboard/agent/AgentLibrarySample.java", "// sample",
				"// end");
		assertThat(shown).isNotEmpty().isEqualTo(compiled);
	}

	private static List<String> between(String file, String start, String end) throws IOException {
		List<String> lines = Files.readAllLines(Path.of(file)).stream().map(String::strip).toList();
		int first = lines.indexOf(start) + 1;
		return lines.subList(first, first + lines.subList(first, lines.size()).indexOf(end));
	}

}
