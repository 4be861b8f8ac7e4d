package dev.switchboard.contract;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An agent on the JDK's WebSocket client. */
final class JdkAgent implements TestAgent {

	private final HttpClient http = HttpClient.newHttpClient();

	private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

	private final CompletableFuture<Integer> closed = new CompletableFuture<>();

	private final WebSocket socket;

	private final JsonNode welcome;

	private JdkAgent(GatewayProcess gateway, String... headers) throws Exception {
		WebSocket.Builder builder = this.http.newWebSocketBuilder().subprotocols("switchboard.v1.json");
		for (int i = 0; i < headers.length; i += 2) {
			builder.header(headers[i], headers[i + 1]);
		}
		this.socket = builder.buildAsync(gateway.agent("/v1/connect"), new Receiver())
			.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		this.welcome = Json.parse(next());
	}

	static JdkAgent connect(GatewayProcess gateway, Identity identity) throws Exception {
		return new JdkAgent(gateway, identity.headers());
	}

	/** Connects with these headers, name by value. */
	static JdkAgent connect(GatewayProcess gateway, String... headers) throws Exception {
		return new JdkAgent(gateway, headers);
	}

	@Override
	public JsonNode welcome() {
		return this.welcome;
	}

	@Override
	public @Nullable String poll(Duration limit) throws InterruptedException {
		return this.messages.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public void send(String message) throws Exception {
		this.socket.sendText(message, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	/** Sends a part of a message; the last one ends it. */
	void sendPart(String part, boolean last) throws Exception {
		this.socket.sendText(part, last).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	/** Closes by the closing handshake of RFC 6455. */
	void leave() throws Exception {
		this.socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public int awaitClose() throws Exception {
		return this.closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	@Override
	public void die() {
		this.socket.abort();
	}

	@Override
	public void close() {
		this.socket.abort();
		this.http.shutdownNow();
	}

	private final class Receiver implements WebSocket.Listener {

		private final StringBuilder parts = new StringBuilder();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			this.parts.append(data);
			if (last) {
				JdkAgent.this.messages.add(this.parts.toString());
				this.parts.setLength(0);
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			JdkAgent.this.closed.complete(statusCode);
			return null;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			JdkAgent.this.closed.complete(WireFrame.NO_CLOSE_FRAME);
		}

	}

}
