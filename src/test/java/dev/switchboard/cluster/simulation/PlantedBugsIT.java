package dev.switchboard.cluster.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules find bugs: each bug that is planted is found by the rule that it names. */
@Tag("slow")
class PlantedBugsIT {

	private static final Path BUGS = Path.of("src/test/resources/simulation/bugs");

	private static final String MOST_LIVES = "500";

	@ParameterizedTest
	@MethodSource("bugs")
	void shouldFindThePlantedBug(PlantedBug bug, @TempDir Path classes) throws Exception {
		bug.compile(classes, SimulationProcess.classPath());
		SimulationProcess search = SimulationProcess.withClasses(classes, "find", Integer.toString(bug.rule()),
				MOST_LIVES);
		assertThat(search.output()).contains("found in life");
		assertThat(search.status()).isEqualTo(1);
	}

	static List<PlantedBug> bugs() throws Exception {
		List<PlantedBug> bugs = new ArrayList<>();
		try (Stream<Path> files = Files.list(BUGS)) {
			for (Path file : files.sorted().toList()) {
				bugs.add(PlantedBug.read(file));
			}
		}
		return bugs;
	}

}
