package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EnvelopeTests {

	@Test
	void shouldReadEachKindOfMember() {
		Envelope envelope = parse("{\"s\":\"a\\n\",\"i\":12,\"o\":{\"x\":\"y\"},\"p\":[ ]}");
		assertThat(envelope.string("s")).isEqualTo("a\n");
		assertThat(envelope.integer("i")).isEqualTo(12);
		assertThat(envelope.object("o").string("x")).isEqualTo("y");
		assertThat(envelope.payload("p").text()).isEqualTo("[ ]");
		assertThat(envelope.names()).containsExactlyInAnyOrder("s", "i", "o", "p");
		assertThat(envelope.optionalString("none")).isNull();
		assertThat(envelope.optionalPayload("none")).isNull();
	}

	@Test
	void shouldUndoEveryEscape() {
		assertThat(parse("{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\ud83d\\ude00é\"}").string("s"))
			.isEqualTo("\"\\/\b\f\n\r\tA😀é");
	}

	@Test
	void shouldReadArraysOfObjects() {
		Envelope envelope = parse("{\"none\":[ ],\"two\":[{\"x\":1} , {\"x\":2,\"y\":[]}],\"mixed\":[{},1],\"no\":{}}");
		assertThat(envelope.objects("none")).isEmpty();
		assertThat(envelope.objects("two")).extracting((each) -> each.integer("x")).containsExactly(1L, 2L);
		assertThat(envelope.objects("two").get(0).optionalInteger("y")).isNull();
		for (String wrong : new String[] { "mixed", "no", "missing" }) {
			assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.objects(wrong));
		}
	}

	@Test
	void shouldRefuseMembersOfTheWrongType() {
		Envelope envelope = parse("{\"a\":[],\"u\":\"0190163d8694739baea5966c26f8ad91\"}");
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.string("a"));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.integer("a"));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.object("a"));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.uuid("u"));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> envelope.payload("b"));
	}

	@Test
	void shouldSayWhatIsWrongWithoutQuotingIt() {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> parse("{\"a\":secret}"))
			.withMessageContaining("byte 5")
			.withMessageNotContaining("secret");
		assertThatExceptionOfType(JsonException.class)
			.isThrownBy(() -> parse("{\"code\":{\"secret\":1}}").string("code"))
			.withMessage("code must be a string")
			.satisfies((fault) -> assertThat(fault.in("error").fault()).isEqualTo("error.code must be a string"));
	}

	@Test
	void shouldNotLetAStringBreakOutOfItsMember() {
		String evil = "x\",\"payload\":1,\"type\":\"result\\";
		byte[] message = FrameCodec.encode(new Frame.Error(TestIds.call(), evil, evil, Payload.parse("2")));
		assertThat(FrameCodec.decodeFromAgent(message)).isInstanceOfSatisfying(Frame.Error.class, (error) -> {
			assertThat(error.code()).isEqualTo(evil);
			assertThat(error.message()).isEqualTo(evil);
			assertThat(error.payload()).isEqualTo(Payload.parse("2"));
		});
	}

	@Test
	void shouldNotMistakeMembersOfThePayloadForTheEnvelopes() {
		String message = "{\"payload\":{\"type\":\"ack\",\"id\":\"\\\"}\"},\"type\":\"event\",\"id\":\"1\",\"subject\":\"s\"}";
		assertThat(FrameCodec.decodeFromAgent(message.getBytes(StandardCharsets.UTF_8)))
			.isEqualTo(new Frame.Event("1", "s", Payload.parse("{\"type\":\"ack\",\"id\":\"\\\"}\"}")));
	}

	@RepeatedTest(200)
	void shouldReadBackWhatItWrote(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		Frame.Call call = new Frame.Call(TestIds.call(), text(random), random.nextLong(Long.MAX_VALUE),
				random.nextBoolean() ? text(random) : null, Payload.parse(value(random, 4)));
		assertThat(FrameCodec.decodeFromGateway(FrameCodec.encode(call))).isEqualTo(call);
		Frame.Error error = new Frame.Error(TestIds.call(), text(random), text(random),
				random.nextBoolean() ? Payload.parse(value(random, 4)) : null);
		assertThat(FrameCodec.decodeFromAgent(FrameCodec.encode(error))).isEqualTo(error);
	}

	@RepeatedTest(200)
	void shouldThrowNothingButProtocolExceptionsAtDamagedMessages(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		byte[] message = FrameCodec
			.encode(new Frame.Call(TestIds.call(), text(random), 1, "t", Payload.parse(value(random, 4))));
		for (int i = 0; i < 20; i++) {
			message[random.nextInt(message.length)] = (byte) random.nextInt(256);
			try {
				FrameCodec.decodeFromGateway(message);
			}
			catch (JsonException ex) {
				assertThat(ex).hasMessageNotContaining("null");
			}
		}
	}

	private static String value(SplittableRandom random, int depth) {
		return switch (random.nextInt((depth > 0) ? 6 : 4)) {
			case 0 -> "null";
			case 1 -> Long.toString(random.nextLong());
			case 2 -> Double.toString(random.nextDouble() * 1e30);
			case 3 -> quoted(random);
			case 4 -> values(random).stream()
				.map((_) -> value(random, depth - 1))
				.collect(Collectors.joining(" , ", "[", "]"));
			default -> values(random).stream()
				.map((_) -> quoted(random) + ":" + value(random, depth - 1))
				.collect(Collectors.joining(",\n", "{ ", " }"));
		};
	}

	private static List<Integer> values(SplittableRandom random) {
		return new ArrayList<>(IntStream.range(0, random.nextInt(4)).boxed().toList());
	}

	private static String quoted(SplittableRandom random) {
		byte[] member = new JsonWriter().string("", text(random)).end();
		return new String(member, 4, member.length - 5, StandardCharsets.UTF_8);
	}

	private static String text(SplittableRandom random) {
		return random.ints(random.nextInt(12), 0, 0x11000)
			.filter((c) -> !Character.isSurrogate((char) c) || c > 0xFFFF)
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	private static Envelope parse(String json) {
		return Envelope.parse(json.getBytes(StandardCharsets.UTF_8));
	}

}
