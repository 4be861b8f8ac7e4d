package dev.switchboard.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * When a collector had stopped all threads, as the JVM's log of safepoints tells, the
 * time until they stood still included. Unlike the collectors' own events it means the
 * same for each of them.
 *
 * @param nanos each stop's length, in order of length
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Stops(long[] nanos) {

	private static final Pattern STOP = Pattern
		.compile("Safepoint \"(G1|Parallel|Z|Shenandoah)\\w*\",.* Total: +(\\d+) ns");

	static final String HEADINGS = "stops | max ms | p99 ms | total ms";

	static final String ALIGNMENT = "--:|--:|--:|--:";

	/** Those in the part of the log that begins at the offset. */
	static Stops read(Path log, long offset) throws IOException {
		String text = Files.readString(log).substring((int) offset);
		return new Stops(STOP.matcher(text)
			.results()
			.map((MatchResult stop) -> stop.group(2))
			.mapToLong(Long::parseLong)
			.sorted()
			.toArray());
	}

	String cells() {
		int count = this.nanos.length;
		if (count == 0) {
			return "0 | 0 | 0 | 0";
		}
		return String.format(Locale.ROOT, "%d | %.2f | %.2f | %.1f", count, this.nanos[count - 1] / 1e6,
				this.nanos[(int) Math.ceil(count * 0.99) - 1] / 1e6, Arrays.stream(this.nanos).sum() / 1e6);
	}

}
