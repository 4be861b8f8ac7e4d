package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.TenantQuotas;
import dev.switchboard.routing.TenantUsage;
import dev.switchboard.tenant.TenantSettings;
import dev.switchboard.tenant.Tenants;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows, lists and changes tenants. */
@RestController
@RequestMapping(path = "/v1/tenants", produces = MediaType.APPLICATION_JSON_VALUE)
final class TenantController {

	private final Tenants tenants;

	private final TenantQuotas quotas;

	private final TenantUsage usage;

	TenantController(Tenants tenants, TenantQuotas quotas, TenantUsage usage) {
		this.tenants = tenants;
		this.quotas = quotas;
		this.usage = usage;
	}

	@GetMapping
	Mono<Void> list(@RequestParam(defaultValue = "100") String limit, @RequestParam @Nullable String cursor,
			ServerWebExchange exchange) {
		int most = PageLimit.parse(limit);
		return this.tenants.list(after(cursor), most + 1)
			.flatMap((found) -> ApiResponses.write(exchange.getResponse(), 200, page(found, most)));
	}

	private static String after(@Nullable String cursor) {
		if (cursor == null) {
			return "";
		}
		try {
			return AgentId.requireTenant(new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.US_ASCII));
		}
		catch (IllegalArgumentException ex) {
			throw ProblemException.invalid("cursor must be the 'next' of an earlier page");
		}
	}

	private byte[] page(List<TenantSettings> found, int most) {
		boolean more = found.size() > most;
		List<TenantSettings> shown = more ? found.subList(0, most) : found;
		return TenantJson.page(shown, more ? AgentQuery.cursor(shown.getLast().tenant()) : null);
	}

	@GetMapping("/{tenant}")
	Mono<Void> get(ServerWebExchange exchange) {
		return this.tenants.find(ApiRequests.tenant(exchange)).flatMap((found) -> show(exchange, found));
	}

	@PutMapping(path = "/{tenant}", consumes = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> put(ServerWebExchange exchange) {
		String tenant = ApiRequests.tenant(exchange);
		return TenantBody.read(exchange.getRequest(), tenant)
			.flatMap((settings) -> this.tenants.put(settings).then(Mono.defer(() -> show(exchange, settings))));
	}

	private Mono<Void> show(ServerWebExchange exchange, TenantSettings settings) {
		return this.usage.of(settings.tenant())
			.flatMap((usage) -> ApiResponses.write(exchange.getResponse(), 200,
					TenantJson.tenant(settings, this.quotas.defaults(), usage)));
	}

}
