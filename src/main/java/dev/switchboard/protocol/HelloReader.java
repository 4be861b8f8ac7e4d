package dev.switchboard.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.switchboard.json.Salvage;

import org.jspecify.annotations.Nullable;

/**
 * Reads an agent's description of itself, and leaves out what is unusable, because an
 * agent must not lose its connection because of a bad label.
 */
final class HelloReader {

	private static final int MAX_VERSION = 128;

	private HelloReader() {
	}

	static Frame.Hello read(byte[] message) {
		Salvage members = Salvage.of(message);
		return new Frame.Hello(labels(members.strings("labels")), version(members.string("agentVersion")));
	}

	private static Map<String, String> labels(Map<String, String> given) {
		Map<String, String> labels = new LinkedHashMap<>();
		given.forEach((name, value) -> {
			if (labels.size() < LabelRules.MAX_LABELS && LabelRules.isName(name) && LabelRules.isValue(value)) {
				labels.put(name, value);
			}
		});
		return labels;
	}

	private static @Nullable String version(@Nullable String given) {
		boolean fits = given != null && given.codePointCount(0, given.length()) <= MAX_VERSION;
		return fits ? given : null;
	}

}
