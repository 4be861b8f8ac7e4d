package dev.switchboard.api;

import java.time.Instant;
import java.util.Base64;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.push.PushPage;
import dev.switchboard.push.StoredPush;
import org.jspecify.annotations.Nullable;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Writes durable pushes as the API shows them. */
final class PushJson {

	private PushJson() {
	}

	/** Writes the answer to a request whose push is stored. */
	static byte[] queued(CallId id) {
		return new JsonWriter().string("id", id.toString()).string("outcome", "queued").end();
	}

	static byte[] push(StoredPush push) {
		return writer(push).end();
	}

	static byte[] pushes(PushPage page) {
		return new JsonWriter().objects("pushes", page.pushes().stream().map(PushJson::writer).toList())
			.optionalString("next", (page.next() != null) ? cursor(page.next()) : null)
			.end();
	}

	private static JsonWriter writer(StoredPush push) {
		return new JsonWriter().string("id", push.id().toString())
			.string("agent", push.agent().agent())
			.string("method", push.method())
			.string("outcome", push.outcome().text())
			.string("queuedAt", Timestamp.of(push.queuedAt()))
			.optionalString("sentAt", time(push.sentAt()))
			.optionalString("endedAt", time(push.endedAt()));
	}

	private static @Nullable String time(@Nullable Instant time) {
		return (time != null) ? Timestamp.of(time) : null;
	}

	private static String cursor(long after) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(Long.toString(after).getBytes(US_ASCII));
	}

	/**
	 * Reads a cursor.
	 * @return the sequence number after which the page begins; 0 for no cursor
	 */
	static long after(@Nullable String cursor) {
		try {
			long after = (cursor != null) ? Long.parseLong(new String(Base64.getUrlDecoder().decode(cursor), US_ASCII))
					: 0;
			if (after >= 0) {
				return after;
			}
		}
		catch (IllegalArgumentException ex) {
			// The same answer as for a negative number.
		}
		throw ProblemException.invalid("cursor must be the 'next' of an earlier page");
	}

}
