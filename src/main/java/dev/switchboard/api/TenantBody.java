package dev.switchboard.api;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

import dev.switchboard.json.Envelope;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.quota.Quota;
import dev.switchboard.tenant.TenantSettings;
import reactor.core.publisher.Mono;

import org.springframework.http.server.reactive.ServerHttpRequest;

/** Reads the body of a request that sets a tenant: {@code {"enabled", "quotas"}}. */
final class TenantBody {

	/** The largest quota: larger numbers are not exact in every JSON reader. */
	private static final long LARGEST = (1L << 53) - 1;

	private static final Set<String> MEMBERS = Set.of("enabled", "quotas");

	private TenantBody() {
	}

	/**
	 * Reads the body.
	 * @return the settings, which are complete: a tenant without {@code enabled} is
	 * enabled, and quotas that are not there are the defaults; an error of
	 * {@link ProblemException} if the body is not valid
	 */
	static Mono<TenantSettings> read(ServerHttpRequest request, String tenant) {
		return OptionalBody.read(request, (body) -> settings(body, tenant));
	}

	private static TenantSettings settings(Envelope body, String tenant) {
		for (String name : body.names()) {
			if (!MEMBERS.contains(name)) {
				// A member that is spelt wrong would enable a tenant, or lift its quotas.
				throw ProblemException
					.invalid("The body has the unknown member '" + name + "'; a tenant has enabled and quotas");
			}
		}
		boolean enabled = body.optionalPayload("enabled") == null || body.optionalBoolean("enabled");
		return new TenantSettings(tenant, enabled,
				(body.optionalPayload("quotas") != null) ? quotas(body.object("quotas")) : Map.of());
	}

	private static Map<Quota, Long> quotas(Envelope body) {
		Map<Quota, Long> quotas = new EnumMap<>(Quota.class);
		for (String name : body.names()) {
			Quota quota = Quota.named(name);
			if (quota == null) {
				throw ProblemException.invalid("quotas: there is no quota '" + name + "'");
			}
			long amount = body.integer(name);
			if (amount < 0 || amount > LARGEST) {
				throw ProblemException.invalid("quotas: '" + name + "' must be from 0 to " + LARGEST);
			}
			quotas.put(quota, amount);
		}
		return quotas;
	}

}
