package dev.switchboard.agent;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;

import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import org.jspecify.annotations.Nullable;

/**
 * Assembles the messages of a connection's socket and decodes them. The socket calls one
 * method at a time.
 */
final class SocketListener implements WebSocket.Listener {

	private final GatewayConnection connection;

	private final StringBuilder text = new StringBuilder();

	SocketListener(GatewayConnection connection) {
		this.connection = connection;
	}

	@Override
	public void onOpen(WebSocket socket) {
		this.connection.opened(socket);
		socket.request(1);
	}

	@Override
	public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
		this.text.append(part);
		if (this.text.length() > this.connection.maxMessageLength()) {
			this.text.setLength(0);
			this.connection.violated("message too big");
		}
		else if (last) {
			String message = this.text.toString();
			this.text.setLength(0);
			read(message.getBytes(StandardCharsets.UTF_8));
		}
		return heard(socket);
	}

	private void read(byte[] message) {
		try {
			Frame.FromGateway frame = FrameCodec.decodeFromGateway(message);
			if (frame != null) {
				this.connection.receive(frame);
			}
		}
		catch (JsonException ex) {
			this.connection.violated(String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer part, boolean last) {
		this.connection.violated("binary message");
		return heard(socket);
	}

	@Override
	public @Nullable CompletionStage<?> onPing(WebSocket socket, ByteBuffer message) {
		return heard(socket);
	}

	@Override
	public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
		return heard(socket);
	}

	private @Nullable CompletionStage<?> heard(WebSocket socket) {
		this.connection.heard();
		socket.request(1);
		return null;
	}

	@Override
	public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
		this.connection.closed(code, reason);
		return null;
	}

	@Override
	public void onError(WebSocket socket, Throwable error) {
		this.connection.lost(error.toString());
	}

}
