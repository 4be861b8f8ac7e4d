package dev.switchboard.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.reactive.socket.HandshakeInfo;

/**
 * A wire on a Netty channel of any kind, with or without TLS. It is the last handler of
 * the channel's pipeline.
 */
final class ChannelWire extends ChannelDuplexHandler implements Wire, Runnable {

	private final Channel channel;

	private final LeanSession session;

	private int unsentControls;

	private boolean flushing;

	ChannelWire(Channel channel, HandshakeInfo handshake, SessionContext context) {
		this.channel = channel;
		this.session = new LeanSession(this, handshake, context);
	}

	/** Returns the session that uses this wire. */
	LeanSession session() {
		return this.session;
	}

	@Override
	public EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	@Override
	public void setReading(boolean on) {
		this.channel.config().setAutoRead(on);
	}

	@Override
	public boolean isWritable() {
		return this.channel.isWritable();
	}

	@Override
	public void write(byte[] bytes) {
		this.channel.write(Unpooled.wrappedBuffer(bytes), this.channel.voidPromise());
		flushSoon();
	}

	@Override
	public void write(int opcode, DataBuffer payload) {
		ByteBuf frame = frame(payload.readableByteCount());
		FrameWriter.write(frame, opcode, payload);
		this.channel.write(frame, this.channel.voidPromise());
		flushSoon();
	}

	@Override
	public void writeControl(int opcode, byte[] payload) {
		ByteBuf frame = frame(payload.length);
		FrameWriter.write(frame, opcode, payload);
		this.unsentControls++;
		this.channel.write(frame).addListener((ChannelFutureListener) (future) -> {
			if (--this.unsentControls == 0 && future.isSuccess()) {
				controlsSent(opcode);
			}
		});
		flushSoon();
	}

	private void controlsSent(int last) {
		if (last == Opcode.PONG) {
			this.session.pongsSent();
		}
		else {
			this.session.closeSent();
		}
	}

	@Override
	public void close() {
		this.channel.close();
	}

	/**
	 * Flushes what was written. Runs as a task of the event loop, so that one flush
	 * serves several writes.
	 */
	@Override
	public void run() {
		this.flushing = false;
		this.channel.flush();
		UnsentAccount.flushed(this.channel, this.session.observer());
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		try {
			// The HTTP decoder may still deliver the end of the request. This is no
			// ByteBuf, and is skipped.
			if (message instanceof ByteBuf bytes) {
				this.session.arrived(bytes);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
			this.session.inputEnded();
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (this.channel.isWritable()) {
			this.session.writable();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.session.lost(null);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		this.session.lost(cause);
	}

	/**
	 * Drops the HTTP response object, because the session writes the response as raw
	 * bytes.
	 */
	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof ByteBuf) {
			context.write(message, promise);
		}
		else {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
		}
	}

	private ByteBuf frame(int payloadLength) {
		return this.channel.alloc().directBuffer(FrameWriter.MAX_HEADER + payloadLength);
	}

	private void flushSoon() {
		if (!this.flushing) {
			this.flushing = true;
			eventLoop().execute(this);
		}
	}

}
