package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.HandshakeInfo;

/**
 * A session on a Netty channel, of any transport, with or without TLS, of whose pipeline
 * the HTTP handlers are gone.
 */
final class ChannelSession extends LeanSession {

	private final Channel channel;

	ChannelSession(Channel channel, HandshakeInfo handshake, TransportSettings settings) {
		super(handshake, settings);
		this.channel = channel;
	}

	@Override
	public EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	@Override
	boolean isWritable() {
		return this.channel.isWritable();
	}

	@Override
	void setReading(boolean on) {
		this.channel.config().setAutoRead(on);
	}

	@Override
	void writeMessage(int opcode, DataBuffer payload) {
		ByteBuf frame = frame(payload.readableByteCount());
		FrameWriter.write(frame, opcode, payload);
		// A failure comes by exceptionCaught, as voidPromise() wants it.
		var _ = this.channel.write(frame, this.channel.voidPromise());
	}

	@Override
	void writeControl(int opcode, byte[] payload) {
		ByteBuf frame = frame(payload.length);
		FrameWriter.write(frame, opcode, payload);
		this.channel.write(frame).addListener((ChannelFutureListener) (future) -> {
			if (future.isSuccess()) {
				controlSent(opcode);
			}
		});
	}

	@Override
	void flush() {
		this.channel.flush();
	}

	@Override
	void closeSocket() {
		var _ = this.channel.close(); // channelInactive tells
	}

	private ByteBuf frame(int payloadLength) {
		return this.channel.alloc().directBuffer(FrameWriter.MAX_HEADER + payloadLength);
	}

}
