package dev.switchboard.benchmark;

import java.util.Arrays;
import java.util.List;

import dev.switchboard.cluster.ClusterBenchmark;
import dev.switchboard.directory.DirectoryBenchmark;

/** Starts the benchmark that the first argument names; the others are its own. */
public final class Benchmarks {

	private Benchmarks() {
	}

	public static void main(String[] args) throws Exception {
		List<String> own = Arrays.asList(args).subList(1, args.length);
		switch (args[0]) {
			case "million" -> MillionBenchmark.main(own);
			case "directory" -> DirectoryBenchmark.main(own);
			case "cluster" -> ClusterBenchmark.main(own);
			case "jmh" -> org.openjdk.jmh.Main.main(own.toArray(new String[0]));
			default -> throw new IllegalArgumentException("million, directory, cluster or jmh, not " + args[0]);
		}
		System.exit(0); // the database's threads would stay
	}

}
