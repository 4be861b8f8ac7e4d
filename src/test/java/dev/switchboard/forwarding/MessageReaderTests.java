package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.json.Allocations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessageReaderTests {

	private final MessageReader reader = new MessageReader();

	private final List<String> messages = new ArrayList<>();

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 7, 100 })
	void shouldPutMessagesTogetherWhereverTheyAreCut(int size) {
		ByteBuf all = Unpooled.buffer();
		for (String message : List.of("one", "", "x".repeat(300), "two")) {
			byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
			all.writeInt(bytes.length).writeBytes(bytes);
		}
		while (all.isReadable()) {
			assertThat(read(all.readSlice(Math.min(size, all.readableBytes())))).isTrue();
		}
		assertThat(this.messages).containsExactly("one", "", "x".repeat(300), "two");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, Integer.MIN_VALUE, Integer.MAX_VALUE })
	void shouldRefuseALengthThatNoMessageHas(int length) {
		assertThat(read(Unpooled.buffer().writeInt(length))).isFalse();
		assertThat(this.messages).isEmpty();
	}

	@Test
	void shouldWaitForTheRestOfALength() {
		assertThat(read(Unpooled.wrappedBuffer(new byte[] { 0, 0 }))).isTrue();
		assertThat(this.messages).isEmpty();
		assertThat(read(Unpooled.wrappedBuffer(new byte[] { 0, 1, 'a' }))).isTrue();
		assertThat(this.messages).containsExactly("a");
	}

	@Test
	void shouldTakeLittleMemoryForALengthAlone() {
		assertThat(Allocations.bytesOf(() -> {
			MessageReader fresh = new MessageReader();
			fresh.read(Unpooled.buffer(8).writeInt(64 * 1024 * 1024), (_) -> {
			});
		})).isLessThan(64 * 1024);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8191, 8192, 8193, 16_384, 16_385, 300_000 })
	void shouldReadALongMessageInAnArrayOfItsSize(int length) {
		List<Integer> sizes = new ArrayList<>();
		ByteBuf all = Unpooled.buffer().writeInt(length).writeBytes(new byte[length]);
		while (all.isReadable()) {
			this.reader.read(all.readSlice(Math.min(1000, all.readableBytes())),
					(message) -> sizes.add(message.length));
		}
		assertThat(sizes).containsExactly(length);
	}

	private boolean read(ByteBuf bytes) {
		return this.reader.read(bytes, (message) -> this.messages.add(new String(message, StandardCharsets.US_ASCII)));
	}

}
