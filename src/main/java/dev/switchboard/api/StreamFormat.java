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
 * How a streamed result is written: one JSON object a line, or a server-sent event each.
 */
enum StreamFormat {

	/** Newline-delimited JSON. */
	NDJSON(MediaType.APPLICATION_NDJSON_VALUE, "", "\n"),
	/** Server-sent events (WHATWG HTML, section 9.2). */
	EVENTS(MediaType.TEXT_EVENT_STREAM_VALUE, "data:", "\n\n");

	private final String mediaType;

	private final String prefix;

	private final String suffix;

	StreamFormat(String mediaType, String prefix, String suffix) {
		this.mediaType = mediaType;
		this.prefix = prefix;
		this.suffix = suffix;
	}

	/**
	 * The format that a caller would rather have than one answer; null if it would not.
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
				if (type.includes(format.mediaType())) {
					return format;
				}
			}
		}
		return null;
	}

	MediaType mediaType() {
		return MediaType.parseMediaType(this.mediaType);
	}

	byte[] chunk(Payload chunk) {
		byte[] line = new JsonWriter().payload("chunk", chunk).end(ascii(this.prefix), ascii(this.suffix));
		joinLines(line, this.prefix.length(), line.length - this.suffix.length());
		return line;
	}

	byte[] last(Payload object) {
		return line(object);
	}

	private byte[] line(Payload object) {
		int start = this.prefix.length();
		int end = start + object.length();
		byte[] line = new byte[end + this.suffix.length()];
		System.arraycopy(ascii(this.prefix), 0, line, 0, start);
		System.arraycopy(object.bytes(), object.offset(), line, start, object.length());
		joinLines(line, start, end);
		System.arraycopy(ascii(this.suffix), 0, line, end, this.suffix.length());
		return line;
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	// In JSON raw line breaks stand between tokens only, where a space means the same.
	private static void joinLines(byte[] line, int from, int to) {
		for (int i = from; i < to; i++) {
			if (line[i] == '\n' || line[i] == '\r') {
				line[i] = ' ';
			}
		}
	}

}
