package dev.switchboard.simulator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM on this machine, seen from outside: through Linux's /proc and the JDK's jcmd. */
public final class ServerProcess {

	/**
	 * A tick's length. Linux counts 100 ticks a second (USER_HZ) on all current
	 * processors.
	 */
	private static final long MICROS_PER_TICK = 10_000;

	private final long pid;

	public ServerProcess(long pid) {
		this.pid = pid;
	}

	/** Returns the user and system time of all threads so far, in steps of 10 ms. */
	public long cpuMicros() {
		String stat = read("stat");
		// Skips the command's name, which may contain any character. The first field
		// after the name is the line's third (proc(5)).
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
	}

	/** Returns the resident memory. */
	public long residentBytes() {
		return read("status").lines()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
			.findFirst()
			.orElseThrow();
	}

	private String read(String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(this.pid), file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("no process " + this.pid, ex);
		}
	}

	/**
	 * Makes the process collect all garbage, and returns the bytes of its live objects.
	 */
	public long liveHeapBytes() {
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		try {
			Process process = new ProcessBuilder(jcmd, Long.toString(this.pid), "GC.class_histogram")
				.redirectErrorStream(true)
				.start();
			String histogram = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return totalBytes(histogram);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Reads the total number of bytes from a class histogram. */
	public static long totalBytes(String histogram) {
		String total = histogram.lines()
			.filter((line) -> line.startsWith("Total"))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no class histogram: " + histogram.strip()));
		String[] words = total.split("\\s+", -1);
		return Long.parseLong(words[2]);
	}

}
