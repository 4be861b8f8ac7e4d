package dev.switchboard.api;

import java.util.List;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.json.Timestamp;
import dev.switchboard.relay.Delivery;
import dev.switchboard.relay.Webhook;
import dev.switchboard.relay.Webhooks;

/** Writes webhooks and their deliveries as the API shows them. */
final class WebhookJson {

	private WebhookJson() {
	}

	/** Writes a webhook that was set, with its secret if that is new. */
	static byte[] changed(Webhooks.Changed changed) {
		JsonWriter json = writer(changed.webhook());
		if (changed.secret() != null) {
			json.string("secret", changed.secret().text());
		}
		return json.end();
	}

	static byte[] webhook(Webhook webhook) {
		return writer(webhook).end();
	}

	static byte[] webhooks(List<Webhook> webhooks) {
		return new JsonWriter().objects("webhooks", webhooks.stream().map(WebhookJson::writer).toList()).end();
	}

	private static JsonWriter writer(Webhook webhook) {
		return new JsonWriter().string("name", webhook.name())
			.string("url", webhook.wish().url())
			.payload("types", array(webhook.wish().types()))
			.payload("subjects", array(webhook.wish().subjects()))
			.payload("enabled", webhook.wish().enabled() ? Payload.TRUE : Payload.FALSE)
			.optionalString("disabledBecause", webhook.reason())
			.string("createdAt", Timestamp.of(webhook.createdAt()))
			.string("changedAt", Timestamp.of(webhook.changedAt()));
	}

	/** Returns an array of printable ASCII. */
	private static Payload array(List<String> values) {
		StringBuilder array = new StringBuilder("[");
		for (String value : values) {
			array.append((array.length() > 1) ? ",\"" : "\"")
				.append(value.replace("\\", "\\\\").replace("\"", "\\\""))
				.append('"');
		}
		return Payload.parse(array.append(']').toString());
	}

	static byte[] delivery(Delivery delivery) {
		return writer(delivery).end();
	}

	static byte[] deliveries(List<Delivery> deliveries) {
		return new JsonWriter().objects("deliveries", deliveries.stream().map(WebhookJson::writer).toList()).end();
	}

	private static JsonWriter writer(Delivery delivery) {
		JsonWriter json = new JsonWriter().string("id", delivery.id().toString())
			.string("status", delivery.state().text())
			.number("attempts", delivery.attempts());
		if (delivery.status() != 0) {
			json.number("responseStatus", delivery.status());
		}
		json.optionalString("failure", delivery.failure())
			.object("event",
					new JsonWriter().string("id", delivery.event().id())
						.string("source", delivery.event().source())
						.string("type", delivery.event().type())
						.string("subject", delivery.event().subject()))
			.string("firstAttemptAt", Timestamp.of(delivery.firstAt()))
			.string("lastAttemptAt", Timestamp.of(delivery.lastAt()));
		if (delivery.nextAt() != null) {
			json.string("nextAttemptAt", Timestamp.of(delivery.nextAt()));
		}
		return json;
	}

}
