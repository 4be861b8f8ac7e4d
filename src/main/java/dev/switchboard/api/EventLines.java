package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPage;
import dev.switchboard.json.Payload;
import reactor.core.publisher.Flux;

/**
 * Writes a stream of events: the entries of pages as lines, and fillers, so that no proxy
 * takes a quiet stream for dead. A filler has no cursor. A reader that resumes there
 * would skip events.
 */
final class EventLines {

	private final StreamFormat format;

	private final String tenant;

	EventLines(StreamFormat format, String tenant) {
		this.format = format;
		this.tenant = tenant;
	}

	/**
	 * Returns the lines of pages. The first line is a filler, so that the caller gets the
	 * status at once.
	 */
	Flux<byte[]> of(Flux<EventPage> pages) {
		Flux<byte[]> lines = pages
			.concatMapIterable((page) -> page.entries().stream().map((entry) -> line(page, entry)).toList(), 1);
		Flux<byte[]> fillers = Flux.interval(Duration.ZERO, LineStream.QUIET)
			.onBackpressureDrop()
			.map((_) -> this.format.filler());
		return Flux.merge(lines.materialize(), fillers.materialize())
			.takeUntil((signal) -> !signal.isOnNext())
			.dematerialize();
	}

	/**
	 * Returns the line of an entry. Server-sent events carry the cursor as their id. In
	 * NDJSON the cursor is the entry's last member, an extension of CloudEvents.
	 */
	private byte[] line(EventPage page, EventEntry entry) {
		String cursor = page.cursor(entry.position()).text(this.tenant);
		return switch (this.format) {
			case EVENTS -> join("id:" + cursor + "\ndata:", entry.json(), entry.json().length(), "\n\n");
			case NDJSON -> join("", entry.json(), entry.json().length() - 1, ",\"cursor\":\"" + cursor + "\"}\n");
		};
	}

	private static byte[] join(String prefix, Payload json, int length, String suffix) {
		byte[] before = prefix.getBytes(StandardCharsets.US_ASCII);
		byte[] after = suffix.getBytes(StandardCharsets.US_ASCII);
		byte[] line = new byte[before.length + length + after.length];
		System.arraycopy(before, 0, line, 0, before.length);
		System.arraycopy(json.bytes(), json.offset(), line, before.length, length);
		System.arraycopy(after, 0, line, before.length + length, after.length);
		return line;
	}

}
