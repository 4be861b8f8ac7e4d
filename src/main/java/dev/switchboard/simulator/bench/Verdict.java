package dev.switchboard.simulator.bench;

import java.util.function.Function;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;

/** What a response turned out to be. */
sealed interface Verdict {

	/** The very answer that belongs to the request. */
	record Right() implements Verdict {
	}

	/** An answer, but another's or a damaged one. */
	record Mismatch(String detail) implements Verdict {
	}

	/** A failure, told or not. */
	record Failure(String name) implements Verdict {
	}

	Verdict RIGHT = new Right();

	/**
	 * Judges a response.
	 * @param status what a right one has
	 * @param body judges a right one's body, and may throw {@link JsonException}
	 */
	static Verdict of(HttpResponse response, int status, Function<Envelope, Verdict> body) {
		if (response.status() != status) {
			return failure(response);
		}
		try {
			return body.apply(Envelope.parse(response.body()));
		}
		catch (JsonException ex) {
			return new Mismatch(ex.getMessage() + " in " + response.text());
		}
	}

	/** The failure that a response with another status tells. */
	static Verdict failure(HttpResponse response) {
		String marker = "\"urn:switchboard:problem:";
		String body = response.text();
		int start = body.indexOf(marker);
		int end = (start < 0) ? -1 : body.indexOf('"', start + marker.length());
		return new Failure((end < 0) ? "HTTP " + response.status() : body.substring(start + marker.length(), end));
	}

}
