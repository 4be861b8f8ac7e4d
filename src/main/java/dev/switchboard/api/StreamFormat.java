package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/**
 * The formats of a streamed result. Each part is a line of JSON or a server-sent event;
 * the comments below call both a line.
 */
@SuppressWarnings("ImmutableEnumChecker") // The arrays are never changed.
enum StreamFormat {

	/** Newline-delimited JSON. */
	NDJSON(MediaType.APPLICATION_NDJSON, "", "\n"),
	/** Server-sent events (WHATWG HTML, section 9.2). */
	EVENTS(MediaType.TEXT_EVENT_STREAM, "data:", "\n\n");

	private final MediaType mediaType;

	private final byte[] prefix;

	private final byte[] suffix;

	StreamFormat(MediaType mediaType, String prefix, String suffix) {
		this.mediaType = mediaType;
		this.prefix = prefix.getBytes(StandardCharsets.US_ASCII);
		this.suffix = suffix.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Returns the format that an {@code Accept} header prefers to {@code
	 * application/json}; null if it prefers neither format.
	 */
	static @Nullable StreamFormat accepted(List<MediaType> accept) {
		List<MediaType> preferred = new ArrayList<>(accept);
		MimeTypeUtils.sortBySpecificity(preferred);
		preferred.sort(Comparator.comparingDouble(MediaType::getQualityValue).reversed());
		for (MediaType type : preferred) {
			if (type.includes(MediaType.APPLICATION_JSON)) {
				return null;
			}
			for (StreamFormat format : values()) {
				if (type.includes(format.mediaType)) {
					return format;
				}
			}
		}
		return null;
	}

	MediaType mediaType() {
		return this.mediaType;
	}

	/**
	 * Returns the line for a part of the result, in the only array that is allocated for
	 * the part.
	 */
	byte[] chunk(Payload chunk) {
		byte[] line = new JsonWriter().payload("chunk", chunk).end(this.prefix, this.suffix);
		joinLines(line, this.prefix.length, line.length - this.suffix.length);
		return line;
	}

	/** Returns the line for the outcome, which ends the stream. */
	byte[] last(Payload object) {
		int start = this.prefix.length;
		int end = start + object.length();
		byte[] line = new byte[end + this.suffix.length];
		System.arraycopy(this.prefix, 0, line, 0, start);
		System.arraycopy(object.bytes(), object.offset(), line, start, object.length());
		joinLines(line, start, end);
		System.arraycopy(this.suffix, 0, line, end, this.suffix.length);
		return line;
	}

	/**
	 * Replaces line breaks by spaces. This does not change the JSON, where a line break
	 * can only be white space between tokens.
	 */
	private static void joinLines(byte[] line, int from, int to) {
		for (int i = from; i < to; i++) {
			if (line[i] == '\n' || line[i] == '\r') {
				line[i] = ' ';
			}
		}
	}

}
