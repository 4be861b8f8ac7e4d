package dev.switchboard.security;

import java.util.List;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.problem.SettingsRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.http.HttpHeaders;

/**
 * Says which web pages may send requests: those whose origins are on the list, and those
 * of the listener itself. The settings hold for every listener, although they have the
 * prefix of the agent port. Requests without an {@code Origin}, which programs send, are
 * always allowed.
 *
 * @param allowedOrigins the allowed origins (RFC 6454 section 6.2), such as {@code
 * https://console.example.com}, or {@code *} for all; none by default
 */
@ConfigurationProperties("switchboard.agent")
public record OriginSettings(@DefaultValue List<String> allowedOrigins) {

	private static final String PROPERTY = "switchboard.agent.allowed-origins";

	private static final String ALL = "*";

	/** How many characters of a refused origin the answer shows. */
	private static final int LONGEST_SHOWN = 100;

	/**
	 * @throws IllegalArgumentException if an entry is not an origin
	 */
	public OriginSettings {
		allowedOrigins = allowedOrigins.stream().map(OriginSettings::requireOrigin).toList();
	}

	private static String requireOrigin(String text) {
		Origin origin = Origin.parse(text);
		if (origin == null && !text.equals(ALL)) {
			throw new IllegalArgumentException("'" + text + "' is not an origin such as https://console.example.com");
		}
		return (origin != null) ? origin.toString() : ALL;
	}

	/**
	 * Refuses settings that allow all origins in {@code dev} mode. Because this mode asks
	 * for no credentials, any web page could call agents from the browser of the person
	 * who runs the node.
	 * @throws SettingsRefusedException if the settings are refused
	 */
	void requireSafeIn(SecuritySettings.Mode mode) {
		if (mode == SecuritySettings.Mode.DEV && this.allowedOrigins.contains(ALL)) {
			throw new SettingsRefusedException(
					"In dev mode no credentials are asked for, so web pages must not be allowed to do everything; but "
							+ PROPERTY + " is set to '*'.",
					"Name the origins in " + PROPERTY + ", or set switchboard.security.mode=jwt");
		}
	}

	/** Whether a request with these headers is allowed. */
	public boolean allows(HttpHeaders headers) {
		return firstRefused(headers) == null;
	}

	/**
	 * Checks a request.
	 * @throws ProblemException if the request's origin is not allowed; the problem names
	 * the header and the setting
	 */
	public void require(HttpHeaders headers) {
		String refused = firstRefused(headers);
		if (refused != null) {
			throw new ProblemException(Problem.FORBIDDEN, "The Origin '" + shown(refused)
					+ "' is neither in the setting " + PROPERTY + " nor the Host that the request was sent to");
		}
	}

	private @Nullable String firstRefused(HttpHeaders headers) {
		for (String sent : headers.getOrEmpty(HttpHeaders.ORIGIN)) {
			if (!isAllowed(sent, headers.getOrEmpty(HttpHeaders.HOST))) {
				return sent;
			}
		}
		return null;
	}

	private boolean isAllowed(String sent, List<String> hosts) {
		Origin origin = Origin.parse(sent);
		return this.allowedOrigins.contains(ALL) || (origin != null && (this.allowedOrigins.contains(origin.toString())
				|| (hosts.size() == 1 && origin.isAt(hosts.getFirst()))));
	}

	/**
	 * Returns the refused origin without characters that a terminal or a page could act
	 * on.
	 */
	private static String shown(String sent) {
		String cut = (sent.length() > LONGEST_SHOWN) ? sent.substring(0, LONGEST_SHOWN) + "..." : sent;
		return cut.replaceAll("[^\\x21-\\x7E]|['\"<>&\\\\]", "?");
	}

}
