package dev.switchboard.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.database.MariaDbServer;

/**
 * A million connections and more in one JVM: what they take of the heap, what it costs to
 * see that they live, and how long the collectors stop everything while agents come and
 * go and are called. One JVM after the other for each number of connections and each
 * collector, all with the same heap, the directory on a MariaDB beside them.
 * <p>
 * Arguments, each optional: numbers of connections ({@code 1000000,3000000}), collectors
 * ({@code G1,PARALLEL,...}), heap ({@code 6g}).
 */
final class MillionBenchmark {

	/** For what does not depend on how many there are, on a busy machine. */
	private static final int MINUTES = 10;

	private static final Path DIRECTORY = Path.of("target", "million");

	private enum Collector {

		G1("-XX:+UseG1GC"), G1_20_MS("-XX:+UseG1GC -XX:MaxGCPauseMillis=20"), PARALLEL("-XX:+UseParallelGC"),
		ZGC("-XX:+UseZGC"), SHENANDOAH("-XX:+UseShenandoahGC"),
		GENERATIONAL_SHENANDOAH("-XX:+UseShenandoahGC -XX:ShenandoahGCMode=generational");

		private final String flags;

		Collector(String flags) {
			this.flags = flags;
		}

	}

	private MillionBenchmark() {
	}

	static void main(List<String> args) throws IOException, InterruptedException {
		List<Integer> sizes = Stream.of(argument(args, 0, "1000000,3000000").split(",", -1))
			.map(Integer::valueOf)
			.toList();
		List<Collector> collectors = (args.size() > 1)
				? Stream.of(args.get(1).split(",", -1)).map(Collector::valueOf).toList()
				: Arrays.asList(Collector.values());
		List<String> rows = new ArrayList<>(List.of("| connections | collector | " + MillionRun.HEADINGS + " |",
				"|--:|---|" + MillionRun.ALIGNMENT + "|"));
		Files.createDirectories(DIRECTORY);
		String heap = argument(args, 2, "6g");
		// It is not what is measured, and should not be waited for.
		MariaDbServer database = new MariaDbServer("--innodb-buffer-pool-size=1G",
				"--innodb-flush-log-at-trx-commit=0");
		for (int size : sizes) {
			for (Collector collector : collectors) {
				rows.add("| " + size + " | " + collector + " " + run(size, collector, heap, database));
				System.out.println(rows.getLast());
			}
		}
		Files.write(DIRECTORY.resolve("table.md"), rows);
		System.out.println(String.join("\n", rows));
	}

	private static String argument(List<String> args, int index, String otherwise) {
		return (args.size() > index) ? args.get(index) : otherwise;
	}

	/** The rest of the row. */
	private static String run(int connections, Collector collector, String heap, MariaDbServer database)
			throws IOException, InterruptedException {
		String name = collector + "-" + connections;
		Path output = DIRECTORY.resolve(name + ".txt");
		Path safepoints = DIRECTORY.resolve(name + ".log");
		new JavaCommand(collector.flags.split(" ", -1))
			.add("-Xms" + heap, "-Xmx" + heap, "-Xlog:safepoint:file=" + safepoints + "::filecount=0")
			.main(MillionRun.class)
			.add(Integer.toString(connections), database.url(database.createDatabase()), safepoints.toString())
			.run(output, MINUTES + connections / 100_000);
		try (Stream<String> lines = Files.lines(output)) {
			return lines.filter((line) -> line.startsWith(MillionRun.ROW))
				.map((line) -> line.substring(MillionRun.ROW.length()))
				.findFirst()
				.orElse("| see " + output + " |");
		}
	}

}
