package dev.switchboard.transport;

import dev.switchboard.time.TimeSource;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * Opens sessions on sockets that never were Netty channels, for simulated clusters. From
 * then on, everything is as after {@link TakeoverUpgradeStrategy}.
 */
public final class SessionOpener {

	private final SessionContext context;

	public SessionOpener(TransportSettings settings, TimeSource time) {
		this.context = new SessionContext(settings, time);
	}

	/** Returns the number of sessions that have started and not ended. */
	public int openSessions() {
		return this.context.open().get();
	}

	/** Opens a session on a socket. Runs on the event loop. */
	public void open(Socket socket, IoEventLoop loop, HandshakeInfo handshake, WebSocketHandler handler) {
		LeanSession session = new LeanSession(new NoWire(loop), handshake, this.context);
		session.moveTo(new DetachedSocket(socket, loop, session));
		session.start(new byte[0], handler);
	}

	/** The wire of a session until its socket is there. */
	private record NoWire(EventLoop eventLoop) implements Wire {

		@Override
		public void setReading(boolean on) {
			// Nothing has come yet.
		}

		@Override
		public boolean isWritable() {
			return false;
		}

		@Override
		public void write(byte[] bytes) {
			throw new IllegalStateException();
		}

		@Override
		public void write(int opcode, DataBuffer payload) {
			throw new IllegalStateException();
		}

		@Override
		public void writeControl(int opcode, byte[] payload) {
			throw new IllegalStateException();
		}

		@Override
		public void close() {
			throw new IllegalStateException();
		}

	}

}
