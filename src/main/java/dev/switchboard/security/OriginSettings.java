package dev.switchboard.security;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpHeaders;

/**
 * The settings of the web pages whose requests are allowed. They hold for every listener,
 * although their prefix is that of the agent port. Requests without an {@code Origin},
 * which programs send, are always allowed.
 *
 * @param allowedOrigins the allowed origins (RFC 6454 section 6.2), such as {@code
 * https://console.example.com}; none by default
 */
@ConfigurationProperties("switchboard.agent")
public record OriginSettings(@DefaultValue List<String> allowedOrigins) {

	static final String REFUSAL = "The Origin is not on the allow-list";

	private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^/?#@\\s*]+");

	/**
	 * @throws IllegalArgumentException if an entry is not an origin
	 */
	public OriginSettings {
		allowedOrigins = allowedOrigins.stream().map(OriginSettings::requireOrigin).toList();
	}

	private static String requireOrigin(String text) {
		String origin = text.toLowerCase(Locale.ROOT);
		if (!ORIGIN.matcher(origin).matches()) {
			throw new IllegalArgumentException("'" + text + "' is not an origin such as https://console.example.com");
		}
		return origin;
	}

	/** Whether a request with these headers is allowed. */
	public boolean allows(HttpHeaders headers) {
		List<String> origins = headers.getOrEmpty(HttpHeaders.ORIGIN);
		return origins.stream().allMatch((origin) -> this.allowedOrigins.contains(origin.toLowerCase(Locale.ROOT)));
	}

	/**
	 * Checks a handshake.
	 * @throws ProblemException if its origin is not allowed
	 */
	public void require(HttpHeaders handshake) {
		if (!allows(handshake)) {
			throw new ProblemException(Problem.FORBIDDEN, REFUSAL);
		}
	}

}
