package dev.switchboard.agent;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/** Opens a WebSocket to a gateway (RFC 6455 section 4.1). */
final class Handshake {

	private static final String SUBPROTOCOL = "switchboard.v1.json";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final HttpClient client;

	Handshake(HttpClient client) {
		this.client = client;
	}

	/**
	 * Opens a socket whose listener is the connection; blocks.
	 * @return how it failed, or null if it is open
	 */
	@Nullable Ending open(URI target, Credential credential, GatewayConnection connection) throws InterruptedException {
		CompletableFuture<WebSocket> opening = request(target, credential, connection);
		try {
			WebSocket socket = opening.get();
			if (socket.getSubprotocol().equals(SUBPROTOCOL)) {
				return null;
			}
			connection.lost();
			return new Ending.Unreachable("subprotocol not selected");
		}
		catch (ExecutionException ex) {
			return failure(ex.getCause());
		}
		catch (InterruptedException ex) {
			var _ = opening.thenAccept(WebSocket::abort);
			throw ex;
		}
	}

	private CompletableFuture<WebSocket> request(URI target, Credential credential, GatewayConnection connection) {
		WebSocket.Builder builder = this.client.newWebSocketBuilder().subprotocols(SUBPROTOCOL).connectTimeout(TIMEOUT);
		credential.headers().forEach(builder::header);
		return builder.buildAsync(target, new GatewayListener(connection));
	}

	private static Ending failure(@Nullable Throwable cause) {
		if (!(cause instanceof WebSocketHandshakeException refusal)) {
			return new Ending.Unreachable(String.valueOf(cause));
		}
		HttpResponse<?> response = refusal.getResponse();
		String location = response.headers().firstValue("Location").orElse(null);
		if (response.statusCode() == 307 && location != null) {
			return redirect(location);
		}
		return new Ending.Refused(response.statusCode(), retryAfter(response));
	}

	private static Ending redirect(String location) {
		try {
			return new Ending.Redirected(URI.create(location));
		}
		catch (IllegalArgumentException ex) {
			return new Ending.Unreachable("redirected to what is no URL");
		}
	}

	private static @Nullable Duration retryAfter(HttpResponse<?> response) {
		if (response.statusCode() != 503) {
			return null;
		}
		try {
			String seconds = response.headers().firstValue("Retry-After").orElse("");
			return Duration.ofSeconds(Integer.parseUnsignedInt(seconds));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
