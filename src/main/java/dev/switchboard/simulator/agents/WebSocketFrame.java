package dev.switchboard.simulator.agents;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A server's frame (RFC 6455 section 5.2).
 *
 * @param last whether the message ends with it
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
	 * Takes a frame off the buffer; null while it is incomplete.
	 * @throws IllegalStateException if the server masks, sets reserved bits, or sends far
	 * too much
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

	/** A close frame's code; 1005 where it has none. */
	int closeCode() {
		return (this.payload.length < 2) ? 1005 : ((this.payload[0] & 0xFF) << 8) | (this.payload[1] & 0xFF);
	}

}
