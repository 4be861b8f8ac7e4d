package dev.switchboard.security;

import java.util.List;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.server.PathContainer;
import org.springframework.security.access.AccessDeniedException;
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
 * What a caller's token must say for a path. It goes by the path alone, so that it tells
 * nothing of what exists there, and reads it as controllers' mappings do.
 */
final class ApiAuthorization implements ReactiveAuthorizationManager<AuthorizationContext> {

	private static final AuthorizationResult GRANTED = new AuthorizationDecision(true);

	private static final AuthorizationResult UNAUTHENTICATED = new AuthorizationDecision(false);

	private static final PathPattern TENANT = pattern("/v1/tenants/{tenant}/**");

	private static final List<Route> ROUTES = List.of(
			new Route(pattern("/v1/tenants/{tenant}/agents/{agent}/calls"), "agent:call"),
			new Route(pattern("/v1/tenants/{tenant}/calls/{id}"), "agent:call"),
			new Route(pattern("/v1/tenants/{tenant}/agents/{agent}/pushes"), "agent:push"),
			new Route(pattern("/v1/tenants/{tenant}/agents"), "agent:read"),
			new Route(pattern("/v1/tenants/{tenant}/agents/{agent}"), "agent:read"),
			new Route(pattern("/v1/tenants/{tenant}/events/**"), "events:read"));

	private static PathPattern pattern(String path) {
		return PathPatternParser.defaultInstance.parse(path);
	}

	/**
	 * Grants, asks for credentials where there are none, or fails with a {@link Refusal}:
	 * of a mere denial Spring Security would forget the reason.
	 */
	@Override
	public Mono<AuthorizationResult> authorize(Mono<Authentication> authentication, AuthorizationContext context) {
		return authentication.ofType(JwtAuthenticationToken.class)
			.map((token) -> decide(token, context.getExchange()))
			.defaultIfEmpty(UNAUTHENTICATED);
	}

	private static AuthorizationResult decide(JwtAuthenticationToken token, ServerWebExchange exchange) {
		check(Grant.of(token.getToken()), exchange.getRequest().getPath().pathWithinApplication());
		return GRANTED;
	}

	private static void check(Grant grant, PathContainer path) {
		if (grant.tenant() == null) {
			throw new Refusal("the token has no tenant", null);
		}
		PathPattern.PathMatchInfo tenant = TENANT.matchAndExtract(path);
		if (tenant != null && !grant.isFor(tenant.getUriVariables().getOrDefault("tenant", ""))) {
			throw new Refusal("the token is not for this tenant", null);
		}
		String scope = scopeFor(path);
		if (!grant.scopes().contains(scope)) {
			throw new Refusal("the token lacks the scope " + scope, scope);
		}
	}

	private static String scopeFor(PathContainer path) {
		return ROUTES.stream()
			.filter((route) -> route.path.matches(path))
			.map(Route::scope)
			.findFirst()
			.orElse("admin");
	}

	private record Route(PathPattern path, String scope) {
	}

	/** A good token is not good for this; the message is fit for the caller. */
	static final class Refusal extends AccessDeniedException {

		private final @Nullable String missingScope;

		Refusal(String reason, @Nullable String missingScope) {
			super(reason);
			this.missingScope = missingScope;
		}

		/** The scope that is missing, if that is why. */
		@Nullable String missingScope() {
			return this.missingScope;
		}

	}

}
