package dev.switchboard.usage;

import java.util.ArrayList;
import java.util.List;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.quota.NodeUse;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Use;

/**
 * Writes and reads what tenants use on a node, as nodes send it to each other. Quotas
 * that only newer nodes know are left out.
 */
final class UseJson {

	/** A node reports on so many at most, so that the report stays small. */
	static final int MAX_ENTRIES = 1000;

	private static final double THOUSANDTHS = 1000;

	private UseJson() {
	}

	static Payload write(NodeUse use) {
		List<JsonWriter> entries = new ArrayList<>();
		use.forEach((tenant, quota, amount) -> {
			if (entries.size() < MAX_ENTRIES) {
				entries.add(new JsonWriter().string("tenant", tenant)
					.string("quota", quota.text())
					.number("askedThousandths", Math.round(amount.asked() * THOUSANDTHS))
					.number("held", Math.round(amount.held())));
			}
		});
		return Payload.of(new JsonWriter().objects("uses", entries).end());
	}

	/**
	 * Reads a report.
	 * @throws dev.switchboard.json.JsonException if it is none
	 */
	static NodeUse read(Payload json) {
		NodeUse.Builder use = new NodeUse.Builder();
		for (Envelope entry : Envelope.parse(json.toBytes()).objects("uses")) {
			Quota quota = Quota.named(entry.string("quota"));
			if (quota != null) {
				use.add(entry.string("tenant"), quota,
						new Use(entry.integer("askedThousandths") / THOUSANDTHS, entry.integer("held")));
			}
		}
		return use.build();
	}

}
