package dev.switchboard.connection;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBuffer;

import static org.assertj.core.api.Assertions.assertThat;

class FrameBytesTests {

	@ParameterizedTest
	@CsvSource({ "1, 0", "4095, 0", "4096, 0", "4096, 4000", "4096, 5000", "200000, 50" })
	void shouldBeWhatTheCodecWrites(int length, int beside) {
		Payload payload = payload(length, beside);
		Frame.Push push = new Frame.Push(TestIds.call(), "m", payload);
		Frame.Call call = new Frame.Call(TestIds.call(), "m", 1000, "00-ab-cd-01", payload);
		assertThat(read(FrameBytes.of(push))).isEqualTo(text(FrameCodec.encode(push)));
		assertThat(read(FrameBytes.of(call))).isEqualTo(text(FrameCodec.encode(call)));
	}

	@Test
	void shouldShareALongPayload() {
		assertThat(shares(payload(4096, 100))).isTrue();
	}

	@Test
	void shouldCopyAShortPayload() {
		assertThat(shares(payload(4095, 0))).isFalse();
	}

	@Test
	void shouldNotKeepAMessageForASmallPartOfIt() {
		assertThat(shares(payload(5000, 6000))).isFalse();
	}

	@Test
	void shouldMoveASharedPayloadOutOfTheHeap() {
		Payload payload = payload(4096, 100);
		DataBuffer inside = FrameBytes.of(new Frame.Push(TestIds.call(), "m", payload));
		String text = read(inside);
		DataBuffer outside = FrameBytes.outsideHeap(inside);
		Arrays.fill(payload.bytes(), (byte) '7');
		assertThat(((NettyDataBuffer) outside).getNativeBuffer().isDirect()).isTrue();
		assertThat(read(outside)).isEqualTo(text);
		assertThat(DataBufferUtils.release(outside)).isTrue();
	}

	@Test
	void shouldLeaveWhatIsShortInTheHeap() {
		DataBuffer inside = FrameBytes.of(new Frame.Push(TestIds.call(), "m", payload(100, 0)));
		assertThat(FrameBytes.outsideHeap(inside)).isSameAs(inside);
	}

	/** Whether changing the payload's bytes changes the frame. */
	private static boolean shares(Payload payload) {
		DataBuffer bytes = FrameBytes.of(new Frame.Push(TestIds.call(), "m", payload));
		Arrays.fill(payload.bytes(), (byte) '7');
		return read(bytes).endsWith("7}");
	}

	/** A payload that begins in the middle of its array. */
	private static Payload payload(int length, int beside) {
		byte[] bytes = "1".repeat(length + beside).getBytes(StandardCharsets.US_ASCII);
		return new Payload(bytes, beside / 2, length);
	}

	private static String read(DataBuffer buffer) {
		return buffer.toString(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
