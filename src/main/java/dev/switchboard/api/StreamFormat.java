package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;

/**
 * The formats of a streamed result. Each part is a line of JSON or a server-sent event;
 * the comments below call both a line.
 */
@SuppressWarnings("ImmutableEnumChecker") // The arrays are never changed.
enum StreamFormat {

	/** Newline-delimited JSON. */
	NDJSON(MediaType.APPLICATION_NDJSON, "", "\n", "\n"),
	/** Server-sent events (WHATWG HTML, section 9.2). */
	EVENTS(MediaType.TEXT_EVENT_STREAM, "data:", "\n\n", ":\n\n");

	private final MediaType mediaType;

	private final byte[] prefix;

	private final byte[] suffix;

	private final byte[] filler;

	StreamFormat(MediaType mediaType, String prefix, String suffix, String filler) {
		this.mediaType = mediaType;
		this.prefix = prefix.getBytes(StandardCharsets.US_ASCII);
		this.suffix = suffix.getBytes(StandardCharsets.US_ASCII);
		this.filler = filler.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Returns the format that {@code Accept} prefers to {@code application/json}; null if
	 * it prefers none. The format with the higher quality wins. If the qualities are
	 * equal, the format that is named more exactly wins. The order of the types has no
	 * meaning (RFC 9110 section 12.5.1).
	 */
	static @Nullable StreamFormat accepted(List<MediaType> accept) {
		Preference best = Preference.of(MediaType.APPLICATION_JSON, accept);
		StreamFormat preferred = null;
		for (StreamFormat format : values()) {
			Preference preference = Preference.of(format.mediaType, accept);
			if (preference.quality() > 0 && preference.compareTo(best) > 0) {
				best = preference;
				preferred = format;
			}
		}
		return preferred;
	}

	/**
	 * Returns the format that {@code Accept} prefers to the other one, for an answer that
	 * is always streamed; {@link #NDJSON} if it prefers none.
	 */
	static StreamFormat preferred(List<MediaType> accept) {
		Preference lines = Preference.of(NDJSON.mediaType, accept);
		return (Preference.of(EVENTS.mediaType, accept).compareTo(lines) > 0) ? EVENTS : NDJSON;
	}

	/**
	 * How much a media type is wanted.
	 *
	 * @param quality from 0 to 1; 0 if it is not acceptable
	 * @param exactness 2 if the type is named, 1 if only its main type is named
	 * ({@code text/*}), 0 if neither is
	 */
	private record Preference(double quality, int exactness) implements Comparable<Preference> {

		private static final Comparator<Preference> ORDER = Comparator.comparingDouble(Preference::quality)
			.thenComparingInt(Preference::exactness);

		/**
		 * Returns how much {@code Accept} wants the type. If several entries of the
		 * header fit, the most exact one decides.
		 */
		static Preference of(MediaType type, List<MediaType> accept) {
			return accept.stream()
				.filter((range) -> range.includes(type))
				.map((range) -> new Preference(range.getQualityValue(), exactnessOf(range)))
				.max(Comparator.comparingInt(Preference::exactness).thenComparingDouble(Preference::quality))
				.orElse(new Preference(0, 0));
		}

		private static int exactnessOf(MediaType range) {
			if (range.isWildcardType()) {
				return 0;
			}
			return range.isWildcardSubtype() ? 1 : 2;
		}

		@Override
		public int compareTo(Preference other) {
			return ORDER.compare(this, other);
		}

	}

	MediaType mediaType() {
		return this.mediaType;
	}

	/**
	 * Returns the line for a part of the result. Its array is the only one that is
	 * allocated for the part.
	 */
	byte[] chunk(Payload chunk) {
		byte[] line = new JsonWriter().payload("chunk", chunk).end(this.prefix, this.suffix);
		Payload.joinLines(line, this.prefix.length, line.length - this.suffix.length);
		return line;
	}

	/** Returns what a quiet stream writes: an empty line, or a comment. */
	byte[] filler() {
		return this.filler.clone();
	}

	/** Returns the line for an object. */
	byte[] object(Payload object) {
		int start = this.prefix.length;
		int end = start + object.length();
		byte[] line = new byte[end + this.suffix.length];
		System.arraycopy(this.prefix, 0, line, 0, start);
		System.arraycopy(object.bytes(), object.offset(), line, start, object.length());
		Payload.joinLines(line, start, end);
		System.arraycopy(this.suffix, 0, line, end, this.suffix.length);
		return line;
	}

}
