package dev.switchboard.agent;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

/** Opens WebSockets to gateways (RFC 6455 section 4.1). Thread-safe. */
final class Dialer {

	private static final String SUBPROTOCOL = "switchboard.v1.json";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int MAX_RETRY_AFTER_SECONDS = 3600;

	private final HttpClient client;

	Dialer(HttpClient client) {
		this.client = client;
	}

	/**
	 * Opens a socket and hands its events to the connection. Blocks.
	 * @return how the attempt failed, or null if the socket is open
	 */
	@Nullable Ending open(URI target, HandshakeIdentity identity, GatewayConnection connection) throws InterruptedException {
		CompletableFuture<WebSocket> opening = request(target, identity, connection);
		try {
			WebSocket socket = opening.get();
			if (socket.getSubprotocol().equals(SUBPROTOCOL)) {
				return null;
			}
			connection.lost("no gateway");
			return new Ending.Unreachable(new IOException("the subprotocol was not selected: no gateway"));
		}
		catch (ExecutionException ex) {
			return failure(ex);
		}
		catch (InterruptedException ex) {
			opening.thenAccept(WebSocket::abort);
			throw ex;
		}
	}

	private CompletableFuture<WebSocket> request(URI target, HandshakeIdentity identity, GatewayConnection connection) {
		WebSocket.Builder builder = this.client.newWebSocketBuilder().subprotocols(SUBPROTOCOL).connectTimeout(TIMEOUT);
		identity.headers().forEach(builder::header);
		return builder.buildAsync(target, new SocketListener(connection));
	}

	private static Ending failure(ExecutionException failed) {
		Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
		if (!(cause instanceof WebSocketHandshakeException refusal)) {
			return new Ending.Unreachable(cause);
		}
		HttpResponse<?> response = refusal.getResponse();
		String location = response.headers().firstValue("Location").orElse(null);
		if (response.statusCode() == 307 && location != null) {
			return redirect(location);
		}
		return new Ending.Refused(response.statusCode(), retryAfter(response), refusal);
	}

	private static Ending redirect(String location) {
		try {
			return new Ending.Redirected(URI.create(location));
		}
		catch (IllegalArgumentException ex) {
			return new Ending.Unreachable(new IOException("redirected to an invalid URL", ex));
		}
	}

	private static @Nullable Duration retryAfter(HttpResponse<?> response) {
		if (response.statusCode() != 503) {
			return null;
		}
		try {
			long seconds = Long.parseLong(response.headers().firstValue("Retry-After").orElse(""));
			return Duration.ofSeconds(Math.clamp(seconds, 0, MAX_RETRY_AFTER_SECONDS));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
