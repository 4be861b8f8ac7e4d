package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import dev.switchboard.call.NewCall;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;

import org.springframework.web.server.ServerWebExchange;

/**
 * Reads the name of a caller from its credentials. Idempotency keys are scoped to this
 * name, so two callers must not have the same name.
 */
final class CallerName {

	/** The name of every caller if the API needs no credentials. */
	private static final String NO_PRINCIPAL = "dev";

	private CallerName() {
	}

	/**
	 * Returns the name of the caller that sent a request.
	 * @param needed whether the request needs a name
	 * @return the name, which may be empty if none is needed; an error of
	 * {@link ProblemException} if a needed name is missing, or if the name cannot be
	 * stored
	 */
	static Mono<String> of(ServerWebExchange exchange, boolean needed) {
		return exchange.getPrincipal()
			.map((principal) -> check(Objects.requireNonNullElse(principal.getName(), ""), needed))
			.defaultIfEmpty(NO_PRINCIPAL);
	}

	private static String check(String name, boolean needed) {
		if (needed && name.isEmpty()) {
			throw new ProblemException(Problem.FORBIDDEN,
					"The credentials do not name a caller, and an Idempotency-Key is scoped to its caller");
		}
		// The driver would store text that is not Unicode as question marks, so that two
		// names could become the same.
		if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)
				|| name.getBytes(StandardCharsets.UTF_8).length > NewCall.MAX_CALLER) {
			throw new ProblemException(Problem.FORBIDDEN,
					"The caller's name must be Unicode text of at most " + NewCall.MAX_CALLER + " bytes");
		}
		return name;
	}

}
