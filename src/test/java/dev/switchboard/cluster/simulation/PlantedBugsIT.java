package dev.switchboard.cluster.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The rules find bugs: each bug that is planted is found by the rule that it names. */
@Tag("night")
class PlantedBugsIT {

	private static final Path BUGS = Path.of("src/test/resources/simulation/bugs");

	private static final List<String> AREAS = List.of("connection", "call", "forwarding", "directory",
			"recorded calls");

	private static final int BUGS_OF_AN_AREA = 5;

	private static final int ALL_BUGS = 30;

	@Test
	void shouldFindEachPlantedBugByItsRule() throws Exception {
		SimulationProcess search = SimulationProcess.plantedBugs(bugs());
		assertThat(search.status()).as(search.output()).isZero();
		List<String> found = search.output()
			.lines()
			.filter((line) -> line.contains(" found in life "))
			.map((line) -> line.substring(0, line.indexOf(' ')))
			.toList();
		assertThat(found).as(search.output()).containsExactlyElementsOf(bugs().stream().map(PlantedBug::name).toList());
	}

	@Test
	void shouldHaveBugsInEachArea() throws Exception {
		assertThat(bugs()).hasSizeGreaterThanOrEqualTo(ALL_BUGS);
		Map<String, Long> areas = bugs().stream()
			.collect(Collectors.groupingBy(PlantedBug::area, Collectors.counting()));
		assertThat(areas.keySet()).containsExactlyInAnyOrderElementsOf(AREAS);
		assertThat(areas.values()).allMatch((bugs) -> bugs >= BUGS_OF_AN_AREA);
	}

	private static List<PlantedBug> bugs() throws Exception {
		List<PlantedBug> bugs = new ArrayList<>();
		try (Stream<Path> files = Files.list(BUGS)) {
			for (Path file : files.sorted().toList()) {
				bugs.add(PlantedBug.read(file));
			}
		}
		return bugs;
	}

}
