package dev.switchboard.transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.switchboard.json.Allocations;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.switchboard.transport.ClientFrames.FINAL;
import static dev.switchboard.transport.ClientFrames.bytes;
import static dev.switchboard.transport.ClientFrames.frame;
import static dev.switchboard.transport.ClientFrames.header;
import static dev.switchboard.transport.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Tests for {@link FrameReader}. */
class FrameReaderTests {

	private static final int MAX = 1 << 20;

	private final FrameReader reader = new FrameReader(MessageBounds.ofBytes(MAX));

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 8, 125, 126, 127, 65535, 65536, MAX })
	void shouldReadAMessageOfAnyLength(int length) {
		byte[] payload = new byte[length];
		new Random(length).nextBytes(payload);
		List<RawMessage> frames = read(frame(Opcode.BINARY, payload));
		assertThat(frames).hasSize(1);
		assertThat(frames.getFirst().opcode()).isEqualTo(Opcode.BINARY);
		assertThat(frames.getFirst().payload()).isEqualTo(payload);
		assertThat(this.reader.isIdle()).isTrue();
	}

	@Test
	void shouldJoinFragmentsWithControlFramesBetween() {
		List<RawMessage> frames = read(new ClientFrames().add(Opcode.TEXT, "one ")
			.add(FINAL | Opcode.PING, "ping")
			.add(Opcode.CONTINUATION, "")
			.add(Opcode.CONTINUATION, "two ")
			.add(FINAL | Opcode.PONG, "pong")
			.add(FINAL | Opcode.CONTINUATION, "three")
			.bytes());
		assertThat(describe(frames)).containsExactly("9:ping", "10:pong", "1:one two three");
	}

	@Test
	void shouldJoinFragmentsIntoAnArrayOfExactlyTheirSize() {
		ClientFrames fragments = new ClientFrames().add(Opcode.BINARY, new byte[1000]);
		for (int i = 0; i < 50; i++) {
			fragments.add(Opcode.CONTINUATION, new byte[i]);
		}
		byte[] bytes = fragments.add(FINAL | Opcode.CONTINUATION, new byte[3]).bytes();
		List<RawMessage> frames = new ArrayList<>();
		for (byte octet : bytes) {
			frames.addAll(read(bytes(octet)));
		}
		assertThat(frames).singleElement().extracting((frame) -> frame.payload().length).isEqualTo(2228);
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void shouldGiveTheSameMessagesHoweverTheBytesAreSplit(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 20; round++) {
			byte[] stream = randomStream(random);
			List<String> whole = outcome(stream, stream.length, random);
			assertThat(whole).hasSizeGreaterThan(5).last().isEqualTo("idle");
			assertThat(outcome(stream, 1, random)).isEqualTo(whole);
			assertThat(outcome(stream, 300, random)).isEqualTo(whole);
		}
	}

	@ParameterizedTest(name = "seed {0}")
	@MethodSource("seeds")
	void shouldEndTheSameWayHoweverDamagedBytesAreSplit(long seed) {
		Random random = new Random(seed);
		for (int round = 0; round < 100; round++) {
			byte[] stream = randomStream(random);
			for (int damage = random.nextInt(3); damage >= 0; damage--) {
				stream[random.nextInt(stream.length)] ^= (byte) (1 << random.nextInt(8));
			}
			List<String> whole = outcome(stream, stream.length, random);
			assertThat(outcome(stream, 1, random)).isEqualTo(whole);
			assertThat(outcome(stream, 300, random)).isEqualTo(whole);
		}
	}

	static LongStream seeds() {
		return new Random().longs(20);
	}

	@ParameterizedTest
	@MethodSource
	void shouldRefuseWhatIsAgainstTheProtocol(String what, byte[] bytes) {
		assertThat(violation(bytes).status().getCode()).as(what).isEqualTo(1002);
	}

	static Stream<Arguments> shouldRefuseWhatIsAgainstTheProtocol() {
		return Stream.of(Arguments.of("RSV1", header(FINAL | 0x40 | Opcode.TEXT, 1)),
				Arguments.of("RSV2", header(FINAL | 0x20 | Opcode.TEXT, 1)),
				Arguments.of("RSV3", header(FINAL | 0x10 | Opcode.PING, 0)),
				Arguments.of("reserved data opcode", header(FINAL | 0x3, 0)),
				Arguments.of("reserved control opcode", header(FINAL | 0xB, 0)),
				Arguments.of("unmasked", bytes(FINAL | Opcode.TEXT, 0)),
				Arguments.of("control frame of 126", header(FINAL | Opcode.PING, 126)),
				Arguments.of("fragmented ping", header(Opcode.PING, 0)),
				Arguments.of("continuation of nothing", header(FINAL | Opcode.CONTINUATION, 0)),
				Arguments.of("continuation of a finished message",
						new ClientFrames().add(FINAL | Opcode.TEXT, "").add(FINAL | Opcode.CONTINUATION, "").bytes()),
				Arguments.of("message within a message",
						new ClientFrames().add(Opcode.TEXT, "").add(FINAL | Opcode.TEXT, "").bytes()),
				Arguments.of("16-bit length of 125", bytes(FINAL | Opcode.TEXT, 0xFE, 0, 125, 0, 0, 0, 0)),
				Arguments.of("64-bit length of 65535",
						bytes(FINAL | Opcode.TEXT, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0)),
				Arguments.of("negative length",
						bytes(FINAL | Opcode.TEXT, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0)));
	}

	@ParameterizedTest
	@ValueSource(longs = { MAX + 1, 1L << 32, Long.MAX_VALUE })
	void shouldRefuseAMessageThatIsTooBigByItsHeader(long length) {
		assertThat(violation(header(FINAL | Opcode.BINARY, length)).status().getCode()).isEqualTo(1009);
	}

	@Test
	void shouldRefuseAMessageThatIsTooBigInSum() {
		byte[] half = new byte[MAX / 2];
		byte[] bytes = new ClientFrames().add(Opcode.BINARY, half)
			.add(Opcode.CONTINUATION, half)
			.add(Opcode.CONTINUATION, "")
			.raw(header(FINAL | Opcode.CONTINUATION, 1))
			.bytes();
		assertThat(violation(bytes).status().getCode()).isEqualTo(1009);
	}

	/**
	 * Each byte is copied a few times at most. If the buffer grew by each frame only,
	 * terabytes would be copied.
	 */
	@Test
	void shouldCopyEachByteAFewTimesHoweverSmallTheFragmentsAre() {
		long few = copied(1000);
		assertThat(copied(16_000)).isLessThan(20 * few);
		assertThat(few).isLessThan(1000 * 200);
	}

	/**
	 * Returns the number of bytes that are allocated to read a message of this many
	 * fragments of one byte.
	 */
	private static long copied(int fragments) {
		ClientFrames frames = new ClientFrames().add(Opcode.TEXT, "x");
		for (int i = 0; i < fragments; i++) {
			frames.add(Opcode.CONTINUATION, "y");
		}
		byte[] bytes = frames.add(FINAL | Opcode.CONTINUATION, "z").bytes();
		ByteBuf in = Unpooled.wrappedBuffer(bytes);
		return Allocations.bytesOf(() -> {
			FrameReader reader = new FrameReader(MessageBounds.ofBytes(MAX));
			RawMessage message = Objects.requireNonNull(reader.next(in.readerIndex(0), 0));
			assertThat(message.payload().length).isEqualTo(fragments + 2);
		});
	}

	@Test
	void shouldHoldNothingForAHeaderAlone() {
		assertThat(read(header(FINAL | Opcode.BINARY, MAX))).isEmpty();
		PayloadBuffer payload = new PayloadBuffer();
		payload.append(Unpooled.wrappedBuffer(new byte[100]), 100, MAX, 0);
		assertThat(payload.bytes()).hasSize(100);
	}

	@Test
	void shouldFailAtTheFirstByteThatIsNotUtf8() {
		byte[] text = bytes('a', 0xCE, 0xBA, 0xF4, 0x90); // over U+10FFFF
		byte[] bytes = Arrays.copyOf(frame(Opcode.TEXT, Arrays.copyOf(text, 20)), 6 + text.length);
		assertThat(read(Arrays.copyOf(bytes, bytes.length - 1))).isEmpty();
		assertThat(violation(Arrays.copyOfRange(bytes, bytes.length - 1, bytes.length)).status().getCode())
			.isEqualTo(1007);
	}

	@Test
	void shouldValidateUtf8AcrossFragments() {
		byte[] euro = utf8("\u20AC");
		assertThat(describe(read(new ClientFrames().add(Opcode.TEXT, bytes(euro[0]))
			.add(FINAL | Opcode.CONTINUATION, bytes(euro[1], euro[2]))
			.bytes()))).containsExactly("1:\u20AC");
		assertThat(violation(frame(Opcode.TEXT, bytes(euro[0], euro[1]))).status().getCode()).isEqualTo(1007);
	}

	@Test
	void shouldHandOnTextInTheArrayItWasReadInto() {
		RawMessage message = read(ClientFrames.text("w\u00F6rld")).getFirst();
		assertThat(message.toWebSocketMessage()).isInstanceOfSatisfying(InboundText.class, (text) -> {
			assertThat(text.utf8()).isSameAs(message.payload());
			assertThat(text.getPayloadAsText()).isEqualTo("w\u00F6rld");
		});
	}

	@Test
	void shouldLetBinaryMessagesBeAnything() {
		assertThat(read(frame(Opcode.BINARY, bytes(0xFF, 0xC0)))).hasSize(1);
	}

	@Test
	void shouldSkipToTheCloseFrameAfterAViolation() {
		ByteBuf in = Unpooled.wrappedBuffer(new ClientFrames().add(FINAL | 0x70 | 0x7, new byte[300])
			.add(FINAL | Opcode.PING, "ping")
			.add(FINAL | Opcode.TEXT, new byte[2 * MAX])
			.add(FINAL | Opcode.CLOSE, bytes(3, 232))
			.bytes());
		assertThatExceptionOfType(FrameViolationException.class).isThrownBy(() -> this.reader.next(in, 0));
		this.reader.skip();
		List<RawMessage> frames = read(this.reader, in);
		assertThat(describe(frames)).containsExactly("8:");
	}

	private List<RawMessage> read(byte[] bytes) {
		return read(this.reader, Unpooled.wrappedBuffer(bytes));
	}

	private static List<RawMessage> read(FrameReader reader, ByteBuf in) {
		List<RawMessage> frames = new ArrayList<>();
		for (RawMessage frame = reader.next(in, 0); frame != null; frame = reader.next(in, 0)) {
			frames.add(frame);
		}
		assertThat(in.isReadable()).isFalse();
		return frames;
	}

	/** The result of a stream that comes in random pieces of at most this many bytes. */
	private static List<String> outcome(byte[] stream, int max, Random random) {
		FrameReader reader = new FrameReader(MessageBounds.ofBytes(MAX));
		List<String> outcome = new ArrayList<>();
		try {
			for (int from = 0; from < stream.length;) {
				int length = Math.min(stream.length - from, (max < stream.length) ? 1 + random.nextInt(max) : max);
				ByteBuf piece = Unpooled.wrappedBuffer(stream, from, length);
				for (RawMessage frame = reader.next(piece, 0); frame != null; frame = reader.next(piece, 0)) {
					outcome.add(frame.opcode() + ":" + HexFormat.of().formatHex(frame.payload()));
				}
				assertThat(piece.isReadable()).isFalse();
				from += length;
			}
			outcome.add(reader.isIdle() ? "idle" : "incomplete");
		}
		catch (FrameViolationException ex) {
			outcome.add("violation " + ex.status());
		}
		return outcome;
	}

	/** Messages of text and bytes, fragmented, with control frames anywhere. */
	private static byte[] randomStream(Random random) {
		ClientFrames stream = new ClientFrames();
		for (int message = 0; message < 5; message++) {
			boolean text = random.nextBoolean();
			byte[] payload = text ? utf8("\u00E4\u20AC\uD83D\uDE00z".repeat(random.nextInt(60))) : randomBytes(random);
			int from = 0;
			int opcode = text ? Opcode.TEXT : Opcode.BINARY;
			while (random.nextBoolean()) {
				int to = from + random.nextInt(payload.length - from + 1);
				stream.add(opcode, Arrays.copyOfRange(payload, from, to));
				from = to;
				opcode = Opcode.CONTINUATION;
				if (random.nextBoolean()) {
					stream.add(FINAL | Opcode.PING, new byte[random.nextInt(126)]);
				}
			}
			stream.add(FINAL | opcode, Arrays.copyOfRange(payload, from, payload.length));
		}
		return stream.bytes();
	}

	private static byte[] randomBytes(Random random) {
		byte[] bytes = new byte[random.nextInt(400)];
		random.nextBytes(bytes);
		return bytes;
	}

	private static List<String> describe(List<RawMessage> frames) {
		return frames.stream()
			.map((frame) -> frame.opcode() + ":" + new String(frame.payload(), StandardCharsets.UTF_8))
			.toList();
	}

	private FrameViolationException violation(byte[] bytes) {
		return catchThrowableOfType(FrameViolationException.class, () -> read(bytes));
	}

}
