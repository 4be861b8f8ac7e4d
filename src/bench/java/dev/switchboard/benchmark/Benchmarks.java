package dev.switchboard.benchmark;

import java.util.Arrays;
import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.switchboard.cluster.ClusterBenchmark;
import dev.switchboard.directory.DirectoryBenchmark;
import dev.switchboard.directory.LabelsBenchmark;
import dev.switchboard.directory.TenMillionBenchmark;
import dev.switchboard.event.EventsBenchmark;
import dev.switchboard.simulator.bench.FanoutBenchmark;
import org.slf4j.LoggerFactory;

/** Starts the benchmark that the first argument names; the others are its own. */
public final class Benchmarks {

	private Benchmarks() {
	}

	public static void main(String[] args) {
		// Outside of Boot the driver would log every statement.
		((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
		List<String> own = Arrays.asList(args).subList(1, args.length);
		int status = 1;
		try {
			switch (args[0]) {
				case "million" -> MillionBenchmark.main(own);
				case "directory" -> DirectoryBenchmark.main(own);
				case "cluster" -> ClusterBenchmark.main(own);
				case "events" -> EventsBenchmark.main(own);
				case "fanout" -> FanoutBenchmark.main(own);
				case "labels" -> LabelsBenchmark.main(own);
				case "ten-million" -> TenMillionBenchmark.main(own);
				case "jmh" -> org.openjdk.jmh.Main.main(own.toArray(new String[0]));
				default -> throw new IllegalArgumentException("no benchmark " + args[0]);
			}
			status = 0;
		}
		catch (Exception ex) {
			ex.printStackTrace(System.out);
		}
		finally {
			System.exit(status); // the database's threads would stay
		}
	}

}
