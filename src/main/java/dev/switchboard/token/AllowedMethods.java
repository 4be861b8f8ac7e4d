package dev.switchboard.token;

import java.util.Set;
import java.util.TreeSet;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * The methods of agents that a narrowed scope allows. The scope
 * {@code agent:call:config.*} allows calls of the methods that begin with
 * {@code config.}, and {@code agent:call:info} those of the method {@code info}.
 * Immutable.
 *
 * @param patterns the methods; a pattern that ends with {@code *} stands for all methods
 * that begin with the text before it
 */
public record AllowedMethods(Set<String> patterns) {

	private static final String ATTRIBUTE = AllowedMethods.class.getName();

	/**
	 * Returns what the narrowed forms of a scope allow; nothing if there is none among
	 * the scopes.
	 * @param scopes all scopes of a token
	 * @param scope the scope that is narrowed
	 */
	public static AllowedMethods of(Set<String> scopes, String scope) {
		String narrowed = scope + ":";
		Set<String> patterns = new TreeSet<>();
		scopes.stream()
			.filter((each) -> each.length() > narrowed.length() && each.startsWith(narrowed))
			.forEach((each) -> patterns.add(each.substring(narrowed.length())));
		return new AllowedMethods(patterns);
	}

	/** Whether no method is allowed. */
	public boolean isEmpty() {
		return this.patterns.isEmpty();
	}

	/** Whether a method is allowed. */
	public boolean allows(String method) {
		return this.patterns.stream().anyMatch((pattern) -> matches(pattern, method));
	}

	private static boolean matches(String pattern, String method) {
		return pattern.endsWith("*") ? method.startsWith(pattern.substring(0, pattern.length() - 1))
				: pattern.equals(method);
	}

	/** Lets a request have these methods only. */
	public void restrict(ServerWebExchange exchange) {
		exchange.getAttributes().put(ATTRIBUTE, this);
	}

	/**
	 * Checks that a request may have a method. A request that is not restricted may have
	 * any.
	 * @throws ProblemException if the caller's token does not allow the method
	 */
	public static void require(String method, ServerWebExchange exchange) {
		AllowedMethods allowed = exchange.getAttribute(ATTRIBUTE);
		if (allowed != null && !allowed.allows(method)) {
			exchange.getResponse()
				.getHeaders()
				.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"insufficient_scope\"");
			throw new ProblemException(Problem.FORBIDDEN,
					"The token allows these methods only: " + String.join(", ", allowed.patterns));
		}
	}

}
