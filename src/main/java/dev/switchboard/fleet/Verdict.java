package dev.switchboard.fleet;

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

	/** The failure that a response other than 200 tells. */
	static Verdict failure(HttpResponse response) {
		String marker = "\"urn:switchboard:problem:";
		String body = response.text();
		int start = body.indexOf(marker);
		int end = (start < 0) ? -1 : body.indexOf('"', start + marker.length());
		return new Failure((end < 0) ? "HTTP " + response.status() : body.substring(start + marker.length(), end));
	}

}
