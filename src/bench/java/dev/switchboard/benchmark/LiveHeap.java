package dev.switchboard.benchmark;

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The objects that are reachable, by class: the JVM's own class histogram, which collects
 * first, so that it says the same under every collector.
 */
record LiveHeap(Map<String, Entry> classes) {

	/** But for the fillers, which are dead space that looks like objects. */
	private static final Pattern ROW = Pattern
		.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+((?!\\[?L?jdk\\.internal\\.vm\\.Filler)\\S+)");

	private static final Entry NONE = new Entry(0, 0);

	/** How many of a class there are, and their bytes together. */
	record Entry(long count, long bytes) {

		Entry plus(Entry other) {
			return new Entry(this.count + other.count, this.bytes + other.bytes);
		}

		Entry minus(Entry other) {
			return new Entry(this.count - other.count, this.bytes - other.bytes);
		}

	}

	static LiveHeap read() throws JMException {
		System.gc(); // what a cleaner or a reference queue frees is gone the second time
		Object histogram = ManagementFactory.getPlatformMBeanServer()
			.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
					new Object[] { new String[0] }, new String[] { String[].class.getName() });
		return new LiveHeap(ROW.matcher((String) histogram)
			.results()
			.collect(Collectors.toMap((row) -> row.group(3),
					(row) -> new Entry(Long.parseLong(row.group(1)), Long.parseLong(row.group(2))), Entry::plus)));
	}

	long bytes() {
		return this.classes.values().stream().mapToLong(Entry::bytes).sum();
	}

	LiveHeap minus(LiveHeap before) {
		Map<String, Entry> grown = new HashMap<>(this.classes);
		grown.replaceAll((name, entry) -> entry.minus(before.classes.getOrDefault(name, NONE)));
		return new LiveHeap(grown);
	}

	/** The biggest classes, as what each connection has of them. */
	String table(int connections, int rows) {
		Function<Map.Entry<String, Entry>, String> row = (each) -> String.format(Locale.ROOT, "| %s | %.3f | %.1f |",
				each.getKey(), (double) each.getValue().count() / connections,
				(double) each.getValue().bytes() / connections);
		return this.classes.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByValue(Comparator.comparingLong(Entry::bytes).reversed()))
			.limit(rows)
			.map(row)
			.collect(Collectors.joining("\n", "| class | objects a connection | bytes a connection |\n|---|--:|--:|\n",
					"\n"));
	}

}
