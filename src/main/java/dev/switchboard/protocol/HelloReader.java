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

	private static final int MAX_LABELS = 32;

	private static final int MAX_VALUE = 256;

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
			if (labels.size() < MAX_LABELS && Identifiers.isValid(name) && fits(value, MAX_VALUE)) {
				labels.put(name, value);
			}
		});
		return labels;
	}

	private static @Nullable String version(@Nullable String given) {
		return (given != null && fits(given, MAX_VERSION)) ? given : null;
	}

	private static boolean fits(String text, int max) {
		return text.codePointCount(0, text.length()) <= max;
	}

}
