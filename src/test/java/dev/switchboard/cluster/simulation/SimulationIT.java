package dev.switchboard.cluster.simulation;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/** Lives of simulated clusters. */
class SimulationIT {

	private static final Path STORIES = Path.of("src/test/resources/simulation");

	/** How many lives there are. The nightly workflow has ten thousand. */
	private static final String LIVES = System.getProperty("switchboard.lives", "60");

	/** How many lives are lived again. */
	private static final String HASHES = System.getProperty("switchboard.hashes", "10");

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void shouldKeepAllRulesInManyLives() throws Exception {
		SimulationProcess lives = SimulationProcess.run("range", "1", LIVES);
		assertThat(lives.status()).as(lives.output()).isZero();
		assertThat(lives.output()).contains(LIVES + " lives").contains(" 0 broke a rule");
	}

	/** The second JVM lives the same lives in the opposite order. */
	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void shouldHaveTheSameLifeForTheSameSeed() throws Exception {
		SimulationProcess twice = SimulationProcess.run("twice", "1", HASHES);
		assertThat(twice.status()).as(twice.output()).isZero();
		assertThat(twice.output().lines()).hasSize(Integer.parseInt(HASHES));
		assertThat(SimulationProcess.run("hash", HASHES, "1")).isEqualTo(twice);
	}

	@Test
	void shouldTellNoStoryAgain() throws Exception {
		try (Stream<Path> files = Files.list(STORIES)) {
			String[] stories = files.map(Path::toString)
				.filter((file) -> file.endsWith(".story"))
				.sorted()
				.toArray(String[]::new);
			assertThat(stories).isNotEmpty();
			SimulationProcess lives = SimulationProcess.run("story", stories);
			assertThat(lives.status()).as(lives.output()).isZero();
			assertThat(lives.output().lines()).contains(stories);
		}
	}

	@Test
	void shouldRefuseAStoryThatItDoesNotUnderstand() throws Exception {
		Path story = Files.createTempFile("bad", ".story");
		Files.write(story, List.of("life 1 seed=1 nodes=2 loops=1 agents=4 calls=20 seconds=10", "3.000s melt n1"));
		SimulationProcess refused = SimulationProcess.run("story", story.toString());
		assertThat(refused.status()).isEqualTo(2);
		assertThat(refused.output()).contains("no kind of fault is called melt: 3.000s melt n1");
	}

}
