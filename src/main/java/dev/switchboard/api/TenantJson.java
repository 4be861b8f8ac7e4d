package dev.switchboard.api;

import java.util.List;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.routing.TenantUsage;
import dev.switchboard.tenant.TenantSettings;
import org.jspecify.annotations.Nullable;

/** Writes tenants as the API shows them. */
final class TenantJson {

	private TenantJson() {
	}

	/**
	 * Writes a tenant.
	 * @param defaults the quotas that it has where it has none of its own
	 */
	static byte[] tenant(TenantSettings settings, Quotas defaults, TenantUsage.Usage usage) {
		Quotas quotas = defaults.with(settings.quotas());
		JsonWriter amounts = new JsonWriter();
		for (Quota quota : Quota.values()) {
			amounts.number(quota.text(), quotas.of(quota));
		}
		return head(settings).object("quotas", amounts)
			.object("usage",
					new JsonWriter().number("connections", usage.connections())
						.number("callsInFlight", usage.callsInFlight()))
			.end();
	}

	static byte[] page(List<TenantSettings> tenants, @Nullable String next) {
		return new JsonWriter().objects("tenants", tenants.stream().map(TenantJson::head).toList())
			.optionalString("next", next)
			.end();
	}

	private static JsonWriter head(TenantSettings settings) {
		return new JsonWriter().string("tenant", settings.tenant())
			.payload("enabled", settings.enabled() ? Payload.TRUE : Payload.FALSE);
	}

}
