package dev.switchboard.security;

import java.util.List;
import java.util.regex.Pattern;

import org.springframework.http.HttpHeaders;

/**
 * Checks that the {@code Host} header names loopback, which {@code dev} mode requires. An
 * attacker can make the name of his own web site resolve to loopback (DNS rebinding). But
 * requests of his pages then have that name as their {@code Host}, and are refused.
 */
public final class LoopbackHost {

	public static final String REFUSAL = "In dev mode the Host must be localhost or a loopback address";

	private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]*)?",
			Pattern.CASE_INSENSITIVE);

	private LoopbackHost() {
	}

	public static boolean isIn(HttpHeaders headers) {
		List<String> hosts = headers.getOrEmpty(HttpHeaders.HOST);
		return hosts.size() == 1 && LOOPBACK.matcher(hosts.getFirst()).matches();
	}

}
