package dev.switchboard.transport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static dev.switchboard.transport.ClientFrames.FINAL;
import static dev.switchboard.transport.ClientFrames.header;
import static dev.switchboard.transport.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Messages of at most 1,000 bytes, 10,000 more skipped, 10 fragments and 30 s. */
class MessageBoundsTests {

	private static final String LONG = "{\"id\":1," + "x".repeat(5000);

	private final FrameReader reader = new FrameReader(
			new MessageBounds(1000, 10_000, 10, Duration.ofSeconds(30), 4503));

	private long now;

	@Test
	void shouldTellTheHeadOfAMessageThatIsTooLongAndSkipTheRest() {
		assertThat(read(new ClientFrames().raw(text("before")).raw(text(LONG)).raw(text("after")).bytes()))
			.containsExactly("before", "head " + LONG.substring(0, 256), "after");
		assertThat(this.reader.isIdle()).isTrue();
	}

	@Test
	void shouldTellTheHeadOnceHoweverTheBytesArrive() {
		List<String> messages = new ArrayList<>();
		for (byte octet : new ClientFrames().raw(text(LONG)).raw(text("after")).bytes()) {
			messages.addAll(read(octet));
		}
		assertThat(messages).containsExactly("head " + LONG.substring(0, 256), "after");
	}

	@Test
	void shouldTellTheHeadOfFragmentsThatAreTooLongTogether() {
		ClientFrames frames = new ClientFrames().add(Opcode.TEXT, "a".repeat(100))
			.add(Opcode.CONTINUATION, "b".repeat(900))
			.add(FINAL | Opcode.PING, "ping")
			.add(Opcode.CONTINUATION, "c".repeat(2000))
			.add(FINAL | Opcode.PING, "pong")
			.add(FINAL | Opcode.CONTINUATION, "d")
			.raw(text("after"));
		assertThat(read(frames.bytes())).containsExactly("ping", "head " + "a".repeat(100) + "b".repeat(156), "pong",
				"after");
	}

	@Test
	void shouldCloseWhenTheRestIsTooLongToBeSkippedOnceTheHeadIsTold() {
		ByteBuf in = Unpooled
			.wrappedBuffer(new ClientFrames().raw(header(FINAL | Opcode.TEXT, 11_001)).raw(new byte[300]).bytes());
		RawMessage head = this.reader.next(in, 0);
		assertThat(head).isNotNull().returns(true, RawMessage::isHead);
		assertThat(violation(() -> this.reader.next(in, 0))).returns(1009, (violation) -> violation.status().getCode())
			.returns("message over 1000 bytes", FrameViolationException::fault);
	}

	@Test
	void shouldCloseWhenFragmentsAreTooLongToBeSkipped() {
		ClientFrames frames = new ClientFrames().add(Opcode.TEXT, "a".repeat(5000));
		read(frames.add(Opcode.CONTINUATION, "b".repeat(6000)).bytes());
		assertThat(violation(() -> read(new ClientFrames().add(Opcode.CONTINUATION, "c").bytes())).status().getCode())
			.isEqualTo(1009);
	}

	@Test
	void shouldTakeAsManyFragmentsAsThereMayBeAndNoMore() {
		assertThat(read(fragments(10))).containsExactly("x".repeat(10));
		assertThat(violation(() -> read(fragments(11)))).returns(4503, (violation) -> violation.status().getCode())
			.returns("message of more than 10 fragments", FrameViolationException::fault);
	}

	@Test
	void shouldCountEmptyFragmentsAndThoseOfAMessageThatIsSkipped() {
		ClientFrames empty = new ClientFrames().add(Opcode.TEXT, "a".repeat(2000));
		for (int i = 0; i < 10; i++) {
			empty.add(Opcode.CONTINUATION, "");
		}
		assertThat(violation(() -> read(empty.bytes())).status().getCode()).isEqualTo(4503);
	}

	@Test
	void shouldCloseForAMessageThatTakesTooLong() {
		read(new ClientFrames().add(Opcode.TEXT, "a").bytes());
		this.now = Duration.ofSeconds(30).toNanos();
		this.reader.checkTime(this.now);
		this.now += Duration.ofSeconds(1).toNanos();
		this.reader.checkTime(this.now);
		this.now += Duration.ofSeconds(2).toNanos();
		assertThat(violation(() -> this.reader.checkTime(this.now)))
			.returns(4503, (violation) -> violation.status().getCode())
			.returns("message took more than 30 s", FrameViolationException::fault);
	}

	/** A node that was stopped finds the rest of the message in its socket. */
	@Test
	void shouldReadAnOldMessageToItsEndBeforeItJudgesIt() {
		read(new ClientFrames().add(Opcode.TEXT, "a").bytes());
		this.now = Duration.ofMinutes(10).toNanos();
		read(new ClientFrames().add(Opcode.CONTINUATION, "b").bytes());
		this.reader.checkTime(this.now);
		assertThat(read(new ClientFrames().add(FINAL | Opcode.CONTINUATION, "c").bytes())).containsExactly("abc");
		this.now = Duration.ofMinutes(20).toNanos();
		this.reader.checkTime(this.now);
	}

	private static byte[] fragments(int count) {
		ClientFrames frames = new ClientFrames().add(Opcode.TEXT, "x");
		for (int i = 2; i < count; i++) {
			frames.add(Opcode.CONTINUATION, "x");
		}
		return frames.add(FINAL | Opcode.CONTINUATION, "x").bytes();
	}

	private List<String> read(byte... bytes) {
		ByteBuf in = Unpooled.wrappedBuffer(bytes);
		List<String> messages = new ArrayList<>();
		for (RawMessage next = this.reader.next(in, this.now); next != null; next = this.reader.next(in, this.now)) {
			String text = new String(next.payload(), StandardCharsets.UTF_8);
			messages.add((next.isHead() ? "head " : "") + text);
		}
		return messages;
	}

	private static FrameViolationException violation(Runnable reading) {
		return catchThrowableOfType(FrameViolationException.class, reading::run);
	}

}
