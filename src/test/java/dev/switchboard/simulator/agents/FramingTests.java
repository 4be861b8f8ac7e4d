package dev.switchboard.simulator.agents;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class FramingTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 8, 9, 125, 126, 127, 65_535, 65_536, 70_001 })
	void shouldMaskThePayloadUnderAnyLengthForm(int length) {
		byte[] payload = payload(length);
		ByteBuf frame = MaskedFrames.encode(UnpooledByteBufAllocator.DEFAULT, WebSocketFrame.TEXT, payload);
		assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
		assertThat(readMaskedLength(frame)).isEqualTo(length);
		byte[] key = new byte[4];
		frame.readBytes(key);
		byte[] masked = new byte[length];
		frame.readBytes(masked);
		for (int i = 0; i < length; i++) {
			masked[i] ^= key[i % 4];
		}
		assertThat(masked).isEqualTo(payload);
		assertThat(frame.isReadable()).isFalse();
		frame.release();
	}

	@Test
	void shouldMaskEachFrameWithAKeyOfItsOwn() {
		ByteBuf first = MaskedFrames.encode(UnpooledByteBufAllocator.DEFAULT, WebSocketFrame.TEXT, payload(64));
		ByteBuf second = MaskedFrames.encode(UnpooledByteBufAllocator.DEFAULT, WebSocketFrame.TEXT, payload(64));
		assertThat(first).isNotEqualTo(second);
		first.release();
		second.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 125, 126, 65_535, 65_536 })
	void shouldReadAFrameOnlyOnceItIsWhole(int length) {
		ByteBuf sent = unmasked(0x81, payload(length));
		ByteBuf received = Unpooled.buffer();
		while (sent.readableBytes() > 1) {
			received.writeByte(sent.readByte());
			assertThat(WebSocketFrame.read(received)).isNull();
		}
		received.writeByte(sent.readByte()).writeByte(0x8A);
		WebSocketFrame frame = Objects.requireNonNull(WebSocketFrame.read(received));
		assertThat(frame.last()).isTrue();
		assertThat(frame.opcode()).isEqualTo(WebSocketFrame.TEXT);
		assertThat(frame.payload()).isEqualTo(payload(length));
		assertThat(received.readableBytes()).isOne();
	}

	@Test
	void shouldReadTheCloseCode() {
		WebSocketFrame close = Objects.requireNonNull(
				WebSocketFrame.read(Unpooled.wrappedBuffer(new byte[] { (byte) 0x88, 3, 0x11, (byte) 0x95, '!' })));
		assertThat(close.closeCode()).isEqualTo(4501);
	}

	@Test
	void shouldRefuseMaskedFramesReservedBitsAndAbsurdLengths() {
		for (byte[] bytes : new byte[][] { { (byte) 0x81, (byte) 0x80, 0, 0, 0, 0 }, { (byte) 0xC1, 0 },
				{ (byte) 0x82, 127, -1, 0, 0, 0, 0, 0, 0, 0 } }) {
			assertThatIllegalStateException().isThrownBy(() -> WebSocketFrame.read(Unpooled.wrappedBuffer(bytes)));
		}
	}

	static ByteBuf unmasked(int first, byte[] payload) {
		ByteBuf out = Unpooled.buffer().writeByte(first);
		if (payload.length < 126) {
			out.writeByte(payload.length);
		}
		else if (payload.length < 65_536) {
			out.writeByte(126).writeShort(payload.length);
		}
		else {
			out.writeByte(127).writeLong(payload.length);
		}
		return out.writeBytes(payload);
	}

	private static long readMaskedLength(ByteBuf frame) {
		int length = frame.readUnsignedByte();
		assertThat(length & 0x80).isEqualTo(0x80);
		return switch (length & 0x7F) {
			case 126 -> frame.readUnsignedShort();
			case 127 -> frame.readLong();
			default -> length & 0x7F;
		};
	}

	private static byte[] payload(int length) {
		return "0123456789a".repeat(length / 11 + 1).substring(0, length).getBytes(StandardCharsets.US_ASCII);
	}

}
