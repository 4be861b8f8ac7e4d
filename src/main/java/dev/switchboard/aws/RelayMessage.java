package dev.switchboard.aws;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.database.Sha256;
import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventPosition;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;

/**
 * An event as a message of SQS or SNS. Immutable.
 *
 * @param event the event
 * @param body the event's JSON
 * @param whole whether the body has the event's data
 * @param attributes the values by which subscribers filter; none is empty
 */
record RelayMessage(EventEntry event, String body, boolean whole, Map<String, String> attributes) {

	/**
	 * The most bytes that all messages of a request may have together: 256 KiB. SNS takes
	 * no more. SQS takes up to 1 MiB, but only in queues whose {@code MaximumMessageSize}
	 * says so.
	 */
	static final int LIMIT = 262_144;

	private static final int LONGEST_GROUP = 128;

	private static final String TYPE_OF_ATTRIBUTE = "String";

	private static final Pattern SOURCE = Pattern.compile("/v1/tenants/([^/]+)/agents/([^/]+)");

	/**
	 * Makes the message of an event. The message has no data if it would be larger than
	 * {@link #LIMIT} with them.
	 */
	static RelayMessage of(EventEntry event) {
		RelayMessage message = new RelayMessage(event, acceptable(event.json().text()), true, attributes(event));
		return (message.size() <= LIMIT) ? message : message.withoutData();
	}

	/**
	 * Escapes the two characters that JSON allows in strings, but SQS in no message.
	 */
	private static String acceptable(String json) {
		return json.replace("\uFFFE", "\\ufffe").replace("\uFFFF", "\\uffff");
	}

	private static Map<String, String> attributes(EventEntry event) {
		Map<String, String> attributes = new LinkedHashMap<>();
		attributes.put("content-type", "application/cloudevents+json");
		attributes.put("type", event.type());
		attributes.put("subject", event.subject());
		Matcher source = SOURCE.matcher(event.source());
		if (source.matches()) {
			attributes.put("tenant", source.group(1));
			attributes.put("agent", source.group(2));
		}
		attributes.values().removeIf(String::isBlank);
		return attributes;
	}

	/**
	 * Returns the message without the event's data. Its body and its attributes have
	 * {@code dataomitted}, so that a receiver knows that the event log has more.
	 */
	RelayMessage withoutData() {
		Envelope members = Envelope.parse(this.event.json().toBytes());
		JsonWriter writer = new JsonWriter();
		for (String name : new TreeSet<>(members.names())) {
			if (!name.equals("data") && !name.equals("datacontenttype")) {
				writer.payload(name, members.payload(name));
			}
		}
		byte[] json = writer.payload("dataomitted", Payload.TRUE).end();
		Map<String, String> attributes = new LinkedHashMap<>(this.attributes);
		attributes.put("dataomitted", "true");
		return new RelayMessage(this.event, acceptable(new String(json, StandardCharsets.UTF_8)), false, attributes);
	}

	/** Returns where the event is in the log. */
	EventPosition position() {
		return this.event.position();
	}

	/** Returns the bytes that count against {@link #LIMIT}. */
	int size() {
		int size = utf8(this.body);
		for (Map.Entry<String, String> attribute : this.attributes.entrySet()) {
			size += utf8(attribute.getKey()) + TYPE_OF_ATTRIBUTE.length() + utf8(attribute.getValue());
		}
		return size;
	}

	private static int utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	/**
	 * Returns the group of the message in a FIFO queue: the path of its agent, or a
	 * digest of the path if it is longer than a group may be.
	 */
	String group() {
		String source = this.event.source();
		return (source.length() <= LONGEST_GROUP) ? source : Sha256.ofLines(source).hex();
	}

	/**
	 * Returns the id by which a FIFO queue knows a repeated message. It is a digest of
	 * the entry, and not its position, because positions begin anew when the database is
	 * lost.
	 */
	String deduplicationId() {
		return Sha256.of(this.event.json().toBytes()).hex();
	}

}
