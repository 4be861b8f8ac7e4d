package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.switchboard.database.SteppedSession;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.node.DirectoryClock;
import io.netty.util.ResourceLeakDetector;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs random histories on H2 and on a server, and compares the answers and the rows of
 * all tables. The server is MariaDB, or MySQL with {@code -Dswitchboard.database=mysql}.
 * {@code -Dswitchboard.history=SEED} runs the history of one seed alone.
 */
final class SameRows implements AutoCloseable {

	private static final @Nullable Long ONLY = Long.getLong("switchboard.history");

	private static final Pattern LONG_RUN = Pattern.compile("([^\\\\$])\\1{9,}");

	private static final Set<String> WITHOUT_ANSWER = Set.of("time", "clock", "register", "release", "settle");

	/** Logs each step of the database's clock, and there are thousands. */
	private static final Logger CLOCK_LOG = (Logger) LoggerFactory.getLogger(DirectoryClock.class);

	/**
	 * The build's level, at which each use of each buffer is recorded, is too slow here.
	 */
	private final ResourceLeakDetector.Level leakLevel = ResourceLeakDetector.getLevel();

	private final SteppedSession embedded = SteppedSession.of(TestDatabase.H2);

	private final SteppedSession server = SteppedSession.of(TestDatabase.MARIADB);

	/** The different answers to the steps of each kind, a few of each. */
	private final Map<String, Set<String>> answers = new TreeMap<>();

	private final Set<String> filled = new HashSet<>();

	/** Runs the histories of the seeds from 1 to the count. */
	void compare(long count) {
		CLOCK_LOG.setLevel(Level.ERROR);
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
		if (ONLY != null) {
			compare(History.of(ONLY));
			return;
		}
		LongStream.rangeClosed(1, count).mapToObj(History::of).forEach(this::compare);
		assertThat(this.filled).as("tables that had rows")
			.containsExactlyInAnyOrder("agent_labels", "agents", "calls", "descriptions", "epochs", "nodes", "pushes");
		assertThat(this.answers.keySet()).as("kinds of steps that always gave the same answer")
			.filteredOn((kind) -> this.answers.getOrDefault(kind, Set.of()).size() == 1)
			.isSubsetOf(WITHOUT_ANSWER);
	}

	private void compare(History history) {
		int all = history.steps().size();
		History.End expected = history.run(this.embedded, all);
		if (!expected.equals(history.run(this.server, all))) {
			throw new AssertionError(explain(history));
		}
		count(history, expected);
	}

	private void count(History history, History.End end) {
		for (int i = 0; i < end.answers().size(); i++) {
			Set<String> known = this.answers.computeIfAbsent(history.steps().get(i).kind(), (_) -> new HashSet<>());
			if (known.size() < 10) {
				known.add(end.answers().get(i));
			}
		}
		end.rows().forEach((table, rows) -> {
			if (!rows.isEmpty()) {
				this.filled.add(table);
			}
		});
	}

	/** Finds the first step after which the databases differ, and says how. */
	private String explain(History history) {
		for (int count = 1; count <= history.steps().size(); count++) {
			History.End expected = history.run(this.embedded, count);
			History.End actual = history.run(this.server, count);
			if (!expected.equals(actual)) {
				return described(history, count, expected, actual);
			}
		}
		return "seed " + history.seed() + " gave a difference only once";
	}

	private static String described(History history, int count, History.End expected, History.End actual) {
		List<String> lines = new ArrayList<>();
		lines.add("H2 and the server differ. Run this history alone with -Dswitchboard.history=" + history.seed());
		for (int i = 0; i < count; i++) {
			lines.add(" " + (i + 1) + ". " + history.steps().get(i).line());
		}
		differ(lines, "answer", expected.answers().subList(count - 1, count),
				actual.answers().subList(count - 1, count));
		expected.rows()
			.forEach((table, rows) -> differ(lines, table, rows, actual.rows().getOrDefault(table, List.of())));
		return shortened(String.join("\n", lines));
	}

	/** Writes each long run of one character as the character and its count. */
	private static String shortened(String text) {
		return LONG_RUN.matcher(text).replaceAll((run) -> run.group(1) + "{" + run.group().codePoints().count() + "}");
	}

	private static void differ(List<String> lines, String what, List<String> expected, List<String> actual) {
		expected.stream().filter((row) -> !actual.contains(row)).forEach((row) -> lines.add(what + ", H2: " + row));
		actual.stream().filter((row) -> !expected.contains(row)).forEach((row) -> lines.add(what + ", server: " + row));
	}

	@Override
	public void close() {
		CLOCK_LOG.setLevel(null);
		ResourceLeakDetector.setLevel(this.leakLevel);
		this.embedded.close();
		this.server.close();
	}

}
