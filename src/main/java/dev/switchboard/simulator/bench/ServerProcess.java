package dev.switchboard.simulator.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A JVM on this machine, seen from outside: through Linux's /proc and the JDK's jcmd. */
public final class ServerProcess {

	/** USER_HZ, which is 100 on every architecture that Linux still runs on. */
	private static final long MICROS_PER_TICK = 10_000;

	private final long pid;

	public ServerProcess(long pid) {
		this.pid = pid;
	}

	/** User and system time of all threads so far, in steps of 10 ms. */
	public long cpuMicros() {
		String stat = read("stat");
		// The command's name may contain any character. The fields after it begin with
		// the third.
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
	}

	/** Resident memory. */
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

	/** Bytes of live objects, after a full garbage collection. */
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

	/** The bytes in a class histogram's last line. */
	public static long totalBytes(String histogram) {
		String total = histogram.lines()
			.filter((line) -> line.startsWith("Total"))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no class histogram: " + histogram.strip()));
		String[] words = total.split("\\s+", -1);
		return Long.parseLong(words[2]);
	}

}
