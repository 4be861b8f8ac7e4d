package dev.switchboard.simulator.bench;

import java.util.function.Function;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;

/** The judgement of a response. */
sealed interface Verdict {

	/** The correct answer to the request. */
	record Right() implements Verdict {
	}

	/** An answer that belongs to a different request, or is damaged. */
	record Mismatch(String detail) implements Verdict {
	}

	/** A failure: an error response, or no response. */
	record Failure(String name) implements Verdict {
	}

	Verdict RIGHT = new Right();

	/**
	 * Judges a response.
	 * @param status the status of a correct response
	 * @param body judges the body if the response has this status; may throw
	 * {@link JsonException}
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

	/**
	 * Returns the failure that an unexpected response reports: its problem or its status.
	 */
	static Verdict failure(HttpResponse response) {
		String marker = "\"urn:switchboard:problem:";
		String body = response.text();
		int start = body.indexOf(marker);
		int end = (start < 0) ? -1 : body.indexOf('"', start + marker.length());
		return new Failure((end < 0) ? "HTTP " + response.status() : body.substring(start + marker.length(), end));
	}

}
