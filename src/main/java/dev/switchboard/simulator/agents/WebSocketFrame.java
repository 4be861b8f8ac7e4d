package dev.switchboard.simulator.agents;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A server's frame (RFC 6455 section 5.2).
 *
 * @param last whether the message ends with this frame
 * @param opcode one of the constants
 * @param payload an array that nothing else uses
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record WebSocketFrame(boolean last, int opcode, byte[] payload) {

	public static final int CONTINUATION = 0;

	static final int TEXT = 1;

	public static final int CLOSE = 8;

	public static final int PING = 9;

	public static final int PONG = 10;

	private static final int MAX_BYTES = 16 * 1024 * 1024;

	/**
	 * Takes a frame off the buffer. Returns null while the frame is incomplete.
	 * @throws IllegalStateException if the frame is masked, has reserved bits set, or is
	 * much too big
	 */
	public static @Nullable WebSocketFrame read(ByteBuf in) {
		int start = in.readerIndex();
		int available = in.readableBytes();
		if (available < 2) {
			return null;
		}
		int length = in.getByte(start + 1);
		int header = (length < 126) ? 2 : (length == 126) ? 4 : 10;
		if (length < 0 || (in.getByte(start) & 0x70) != 0) {
			throw new IllegalStateException("masked, or reserved bits");
		}
		if (available < header) {
			return null;
		}
		long size = (length < 126) ? length : (length == 126) ? in.getUnsignedShort(start + 2) : in.getLong(start + 2);
		if (size < 0 || size > MAX_BYTES) {
			throw new IllegalStateException("frame too big");
		}
		return (available < header + size) ? null : read(in, header, (int) size);
	}

	private static WebSocketFrame read(ByteBuf in, int header, int size) {
		int first = in.getByte(in.readerIndex());
		in.skipBytes(header);
		byte[] payload = new byte[size];
		in.readBytes(payload);
		return new WebSocketFrame(first < 0, first & 0x0F, payload);
	}

	/** Returns a close frame's code; 1005 if the frame has none. */
	int closeCode() {
		return (this.payload.length < 2) ? 1005 : ((this.payload[0] & 0xFF) << 8) | (this.payload[1] & 0xFF);
	}

}
