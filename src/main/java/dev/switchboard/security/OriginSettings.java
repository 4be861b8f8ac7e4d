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
 * The web pages that may reach this node, on every listener. Programs send no
 * {@code Origin}, and are none of its concern.
 *
 * @param allowedOrigins origins (RFC 6454 section 6.2), such as
 * {@code https://console.example.com}; none by default
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

	/** Whether a request with these headers may go on. */
	public boolean allows(HttpHeaders headers) {
		List<String> origins = headers.getOrEmpty(HttpHeaders.ORIGIN);
		return origins.stream().allMatch((origin) -> this.allowedOrigins.contains(origin.toLowerCase(Locale.ROOT)));
	}

	/**
	 * {@link #allows} of a handshake.
	 * @throws ProblemException if not
	 */
	public void require(HttpHeaders handshake) {
		if (!allows(handshake)) {
			throw new ProblemException(Problem.FORBIDDEN, REFUSAL);
		}
	}

}
