package dev.switchboard.simulator.agents;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * One opening handshake (RFC 6455 section 4.1): its request, and whether a response
 * belongs to it.
 */
final class ClientHandshake {

	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private final String key;

	ClientHandshake() {
		byte[] nonce = new byte[16];
		ThreadLocalRandom.current().nextBytes(nonce);
		this.key = Base64.getEncoder().encodeToString(nonce);
	}

	/**
	 * Returns the request.
	 * @param target the host, port and path to connect to
	 * @param agent the agent, which the headers name if there is no token
	 * @param token a bearer token, which names the agent; null for none
	 */
	byte[] request(Target target, AgentId agent, @Nullable String token) {
		String identity = (token != null) ? "Authorization: Bearer " + token + "\r\n"
				: "Switchboard-Tenant: " + agent.tenant() + "\r\nSwitchboard-Agent: " + agent.agent() + "\r\n";
		return ("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.authority()
				+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
				+ this.key + "\r\nSec-WebSocket-Protocol: switchboard.v1.json\r\n" + identity + "\r\n")
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Returns why the response opens no connection, or null if it opens one. */
	@Nullable String refusal(HttpHead response) {
		if (response.status() != 101) {
			return "HTTP " + response.status();
		}
		if (!accept(this.key).equals(response.header("Sec-WebSocket-Accept"))) {
			return "bad Sec-WebSocket-Accept";
		}
		return "switchboard.v1.json".equals(response.header("Sec-WebSocket-Protocol")) ? null : "no subprotocol";
	}

	private static String accept(String key) {
		try {
			MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
			return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
