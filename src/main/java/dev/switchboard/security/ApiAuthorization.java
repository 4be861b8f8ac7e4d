package dev.switchboard.security;

import java.util.List;
import java.util.Set;

import dev.switchboard.audit.AuditedExchange;
import dev.switchboard.token.AllowedMethods;
import dev.switchboard.token.ClaimNames;
import dev.switchboard.token.Grant;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Decides whether a caller's token allows a request. The decision depends only on the
 * token and the path, so it does not reveal whether an agent or a call exists. Paths are
 * matched in the same way as the controllers' mappings match them. A path without a
 * tenant shows something of all tenants, so it needs a token for all of them. A scope for
 * some methods only opens the same paths as the whole scope; the method is checked when
 * the body has been read.
 */
final class ApiAuthorization implements ReactiveAuthorizationManager<AuthorizationContext> {

	private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

	private static final AuthorizationResult UNAUTHENTICATED = new AuthorizationDecision(false);

	/** The settings of a tenant, which only callers for all tenants may change. */
	private static final PathPattern SETTINGS = pattern("/v1/tenants/{tenant}");

	private static final PathPattern TENANT = pattern("/v1/tenants/{tenant}/**");

	private static final List<ScopeRule> RULES = List.of(
			new ScopeRule(pattern("/v1/tenants/{tenant}/agents/{agent}/calls"), "agent:call"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/calls/{id}"), "agent:call"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/agents/{agent}/pushes"), "agent:push"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/fleet-calls"), "agent:call"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/fleet-pushes"), "agent:push"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/pushes/{id}"), "agent:push"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/agents"), "agent:read"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/agents/{agent}"), "agent:read"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/agents/{agent}/diagnosis"), "agent:read"),
			new ScopeRule(pattern("/v1/tenants/{tenant}/events/**"), "events:read"),
			new ScopeRule(pattern("/actuator/prometheus"), "metrics:read"));

	/** The scopes that a token may have for some methods only. */
	private static final Set<String> OF_METHODS = Set.of("agent:call", "agent:push");

	private final ClaimNames claims;

	private final boolean audited;

	/**
	 * @param claims the names of the claims that have the tenant, the caller and the
	 * scopes
	 * @param audited whether the audit is to know the caller
	 */
	ApiAuthorization(ClaimNames claims, boolean audited) {
		this.claims = claims;
		this.audited = audited;
	}

	private static PathPattern pattern(String path) {
		return PathPatternParser.defaultInstance.parse(path);
	}

	/**
	 * Grants a request whose token is sufficient. Denies a request without a token;
	 * Spring Security then answers that a token is needed. If the token is not
	 * sufficient, the result is not a denial but an error with a problem, because only a
	 * problem can say the reason.
	 */
	@Override
	public Mono<AuthorizationResult> authorize(Mono<Authentication> authentication, AuthorizationContext context) {
		return authentication.ofType(JwtAuthenticationToken.class)
			.map((token) -> decide(token, context.getExchange()))
			.defaultIfEmpty(UNAUTHENTICATED);
	}

	private AuthorizationResult decide(JwtAuthenticationToken token, ServerWebExchange exchange) {
		if (this.audited) {
			AuditedExchange.caller(exchange, token);
		}
		check(this.claims.grantOf(token.getToken()), exchange);
		return GRANTED;
	}

	private static void check(Grant grant, ServerWebExchange exchange) {
		PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
		if (grant.tenant() == null) {
			throw Refusals.forbidden(exchange, "The token has no tenant");
		}
		PathPattern.PathMatchInfo tenant = TENANT.matchAndExtract(path);
		if (tenant == null && !grant.isForAll()) {
			throw Refusals.forbidden(exchange, "This belongs to no tenant: it needs a token for tenant *");
		}
		if (tenant != null && !grant.isFor(tenant.getUriVariables().getOrDefault("tenant", ""))) {
			throw Refusals.forbidden(exchange, "The token is not for this tenant");
		}
		if (!grant.isForAll() && SETTINGS.matches(path) && !isReading(exchange)) {
			throw Refusals.forbidden(exchange, "Settings of tenants are changed with a token for tenant *");
		}
		String scope = scopeFor(path);
		if (!grant.scopes().contains(scope)) {
			AllowedMethods narrowed = AllowedMethods.of(grant.scopes(), scope);
			if (narrowed.isEmpty() || !OF_METHODS.contains(scope)) {
				throw Refusals.missingScope(exchange, scope);
			}
			narrowed.restrict(exchange);
		}
	}

	private static boolean isReading(ServerWebExchange exchange) {
		HttpMethod method = exchange.getRequest().getMethod();
		return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
	}

	private static String scopeFor(PathContainer path) {
		return RULES.stream()
			.filter((rule) -> rule.path.matches(path))
			.map(ScopeRule::scope)
			.findFirst()
			.orElse("admin");
	}

	private record ScopeRule(PathPattern path, String scope) {
	}

}
