package dev.switchboard.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * An HTTP response as it came.
 *
 * @param status the status code
 * @param headers the values of each header, by its name in lower case
 * @param bytes the body
 */
@SuppressWarnings("ArrayRecordComponent")
record RawResponse(int status, Map<String, List<String>> headers, byte[] bytes) {

	String body() {
		return new String(this.bytes, StandardCharsets.UTF_8);
	}

	/** The values of a header, with commas between; empty if there is none. */
	String header(String name) {
		return String.join(", ", this.headers.getOrDefault(name, List.of()));
	}

}
