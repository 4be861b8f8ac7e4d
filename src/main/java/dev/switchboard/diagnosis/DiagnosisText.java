package dev.switchboard.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import dev.switchboard.json.Envelope;

/** Writes a diagnosis as lines for people. */
final class DiagnosisText {

	private DiagnosisText() {
	}

	/**
	 * Returns the lines.
	 * @param diagnosis the answer of the API
	 */
	static List<String> lines(Envelope diagnosis) {
		List<String> lines = new ArrayList<>();
		lines.add(printable(diagnosis.string("because")));
		lines.add("");
		add(lines, "presence", diagnosis.string("presence"));
		String node = diagnosis.optionalString("node");
		if (node != null) {
			add(lines, "node", node);
		}
		number(lines, diagnosis, "round trip", "roundTripMillis", " ms");
		number(lines, diagnosis, "queued", "queuedBytes", " bytes");
		number(lines, diagnosis, "calls in flight", "callsInFlight", "");
		number(lines, diagnosis, "oldest call", "oldestCallMillis", " ms");
		section(lines, "Ended connections", diagnosis.objects("lastCloses"), DiagnosisText::close);
		section(lines, "Refused handshakes", diagnosis.objects("refusedHandshakes"), DiagnosisText::refusal);
		section(lines, "Calls", diagnosis.objects("recentCalls"), DiagnosisText::call);
		section(lines, "Other machines with this identity", diagnosis.objects("clonedFrom"),
				(machine) -> machine.string("at") + "  " + machine.string("address"));
		return lines;
	}

	private static void add(List<String> lines, String name, String value) {
		lines.add(String.format("%-16s %s", name, printable(value)));
	}

	private static void number(List<String> lines, Envelope diagnosis, String name, String member, String unit) {
		Long value = diagnosis.optionalInteger(member);
		if (value != null) {
			add(lines, name, value + unit);
		}
	}

	private static void section(List<String> lines, String title, List<Envelope> entries,
			Function<Envelope, String> line) {
		if (!entries.isEmpty()) {
			lines.add("");
			lines.add(title);
			entries.forEach((entry) -> lines.add("  " + printable(line.apply(entry))));
		}
	}

	private static String close(Envelope close) {
		return close.string("at") + "  " + close.integer("code") + " " + close.string("reason") + ", on node "
				+ close.string("node");
	}

	private static String refusal(Envelope refusal) {
		String address = refusal.optionalString("remoteAddress");
		return refusal.string("at") + "  " + refusal.string("problem") + ": " + refusal.string("detail")
				+ ((address != null) ? ", from " + address : "") + ", by node " + refusal.string("node");
	}

	private static String call(Envelope call) {
		String problem = call.optionalString("problem");
		return call.string("at") + "  " + call.string("method") + ": " + call.string("outcome")
				+ ((problem != null) ? " (" + problem + ")" : "") + " after " + call.integer("millis") + " ms, "
				+ call.string("id");
	}

	/**
	 * Replaces what is not printable. Texts of agents and callers must not control the
	 * terminal.
	 */
	static String printable(String text) {
		return text.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

}
