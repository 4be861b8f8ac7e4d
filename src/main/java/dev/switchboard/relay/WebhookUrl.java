package dev.switchboard.relay;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

import dev.switchboard.problem.ProblemException;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/** Checks the URLs of webhooks when they are set. Looks no name up. Stateless. */
final class WebhookUrl {

	private static final int LONGEST = 2048;

	private WebhookUrl() {
	}

	/**
	 * Checks a URL.
	 * @throws ProblemException if nothing will ever be delivered there
	 */
	static void check(String text, AddressGuard guard) {
		URI uri = parse(text);
		boolean secure = "https".equalsIgnoreCase(uri.getScheme());
		if (!secure && !"http".equalsIgnoreCase(uri.getScheme())) {
			throw invalid("must begin with https://");
		}
		if (!secure && !guard.allowsHttp()) {
			throw invalid("must begin with https://; http is only for switchboard.events.webhooks.allowed-networks");
		}
		if (uri.getHost() == null || isNumber(uri.getHost()) || uri.getPort() > 65_535 || uri.getPort() == 0) {
			throw invalid("must name a host, and a port of 1 to 65535 if it names one");
		}
		if (uri.getRawUserInfo() != null) {
			throw invalid("must have no user and no password; the signature says who sends");
		}
		if (uri.getRawFragment() != null) {
			throw invalid("must have no fragment (#)");
		}
		checkAddress(uri.getHost(), secure, guard);
	}

	private static URI parse(String text) {
		if (text.isEmpty() || text.length() > LONGEST || !text.chars().allMatch((c) -> c > ' ' && c <= '~')) {
			throw invalid("must be 1 to " + LONGEST + " printable ASCII characters without spaces");
		}
		try {
			return new URI(text);
		}
		catch (URISyntaxException ex) {
			throw invalid("is not a URL: " + ex.getReason() + " at index " + ex.getIndex());
		}
	}

	/**
	 * Whether a host is an address in an unusual form, such as 2130706433 for 127.0.0.1.
	 */
	private static boolean isNumber(String host) {
		return host.matches("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?") && !NetUtil.isValidIpV4Address(host);
	}

	private static void checkAddress(String host, boolean secure, AddressGuard guard) {
		InetAddress address = address(host);
		if (address != null && !guard.allows(address, secure)) {
			throw invalid("names " + address.getHostAddress() + ", which is neither public nor in "
					+ "switchboard.events.webhooks.allowed-networks" + (secure ? "" : ", so it needs https"));
		}
	}

	private static @Nullable InetAddress address(String host) {
		String name = host.toLowerCase(Locale.ROOT);
		if (name.equals("localhost") || name.endsWith(".localhost") || name.equals("localhost.")) {
			return NetUtil.LOCALHOST4;
		}
		return NetUtil
			.createInetAddressFromIpAddressString(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
	}

	private static ProblemException invalid(String fault) {
		return ProblemException.invalid("url " + fault);
	}

}
