package dev.switchboard.transport;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBuffer;

/** Writes a server's frames, unfragmented and unmasked (RFC 6455 sections 5.1, 5.2). */
final class FrameWriter {

	/** The longest header of a server's frame: two bytes and a 64-bit length. */
	static final int MAX_HEADER = 10;

	private static final int FINAL = 0x80;

	private FrameWriter() {
	}

	/** Copies the payload into a frame, and releases it. */
	static void write(ByteBuf out, int opcode, DataBuffer payload) {
		try {
			int length = payload.readableByteCount();
			writeHeader(out, opcode, length);
			copy(payload, length, out);
		}
		finally {
			DataBufferUtils.release(payload);
		}
	}

	private static void copy(DataBuffer payload, int length, ByteBuf out) {
		if (payload instanceof NettyDataBuffer netty) {
			// Copies once. The NIO buffer of a composite buffer would be a copy already.
			out.writeBytes(netty.getNativeBuffer(), payload.readPosition(), length);
			return;
		}
		out.ensureWritable(length);
		ByteBuffer target = out.internalNioBuffer(out.writerIndex(), length);
		payload.toByteBuffer(payload.readPosition(), target, target.position(), length);
		out.writerIndex(out.writerIndex() + length);
	}

	static void write(ByteBuf out, int opcode, byte[] payload) {
		writeHeader(out, opcode, payload.length);
		out.writeBytes(payload);
	}

	private static void writeHeader(ByteBuf out, int opcode, int length) {
		out.writeByte(FINAL | opcode);
		if (length <= 125) {
			out.writeByte(length);
		}
		else if (length <= 0xFFFF) {
			out.writeByte(126).writeShort(length);
		}
		else {
			out.writeByte(127).writeLong(length);
		}
	}

}
