package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.FrameCodecTests;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PayloadTests {

	@ParameterizedTest
	@ValueSource(strings = { "null", "true", "false", "0", "-0", "1.5", "-10.25e+7", "1E-2",
			"123456789012345678901234567890", "\"\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\uD83d\\uDe00\\ud800\"",
			"\"é€😀\u007f\u2028\"", "[]", "[ ]", "{}", "{ }", "[1,[2,{\"a\":[]}]]", "{\"a\":1,\"a\":2}",
			"{\"\" : null}" })
	void shouldKeepEveryJsonTextAsItWasWritten(String json) {
		assertThat(Payload.parse(json).text()).isEqualTo(json);
	}

	@Test
	void shouldLeaveOutTheWhiteSpaceAround() {
		assertThat(Payload.parse(" \t\r\n[ 1 ] \n").text()).isEqualTo("[ 1 ]");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-", "+1", "01", "-01", "1.", ".5",
			"1e", "1e+", "0x1", "1 2", "\"", "\"a", "\"\\", "\"\\\"", "'a'", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
			"\"\\U0041\"", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[}", "{", "}", "{\"a\"", "{\"a\":",
			"{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{,}", "{\"a\" 1}", "{a:1}", "{1:1}", "{\"a\":1]",
			"{\"a\":1 \"b\":2}", "[1]]", "{}}", "1,", "//", "[1/**/]", "\"\u0000\"", "\"\t\"", "\"\n\"", "\"\u001f\"",
			"\u000b1", "\u00a01" })
	void shouldRefuseWhatIsNotJson(String text) {
		refuses(text.getBytes(StandardCharsets.UTF_8));
	}

	static Stream<String> malformedUtf8() {
		return Stream.of("80", "bf", "c0af", "c1bf", "c3", "c328", "e08080", "e09fbf", "e282", "e28228", "eda080",
				"edbfbf", "f0808080", "f08fbfbf", "f09f98", "f09f9828", "f4908080", "f5808080", "f8888080", "ff", "fe");
	}

	@ParameterizedTest
	@MethodSource("malformedUtf8")
	void shouldRefuseMalformedUtf8(String hex) {
		byte[] json = HexFormat.of().parseHex("22" + hex + "22");
		refuses(json);
	}

	@Test
	void shouldTakeTheEdgesOfEveryUtf8Length() {
		String edges = "\"\u0080\u07ff\u0800\ud7ff\ue000\uffff\ud800\udc00\udbff\udfff\"";
		assertThat(Payload.parse(edges).text()).isEqualTo(edges);
	}

	@Test
	void shouldRefuseASequenceThatTheTextsEndCuts() {
		byte[] json = HexFormat.of().parseHex("22f09f9880");
		refuses(json);
		refuses(HexFormat.of().parseHex("22f09f98"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[", "{\"a\":" })
	void shouldNestFiveHundredAndTwelveDeepAndNoDeeper(String opening) {
		assertThat(Payload.parse(nested(opening, 512)).length()).isPositive();
		refuses(nested(opening, 513).getBytes(StandardCharsets.UTF_8));
		refuses(opening.repeat(200_000).getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void shouldCountTheNestingOfAPayloadFromThePayload() {
		String message = "{\"type\":\"ack\",\"id\":\"1\",\"payload\":%s}";
		byte[] deepest = message.formatted(nested("[", 512)).getBytes(StandardCharsets.UTF_8);
		assertThat(FrameCodec.decodeFromAgent(deepest)).isInstanceOf(Frame.Ack.class);
		FrameCodecTests.refusesFromAgent(message.formatted(nested("[", 513)));
	}

	@Test
	void shouldBeEqualByBytesWhereverTheyLie() {
		byte[] bytes = "[1][1]".getBytes(StandardCharsets.UTF_8);
		assertThat(new Payload(bytes, 0, 3)).isEqualTo(new Payload(bytes, 3, 3))
			.hasSameHashCodeAs(new Payload(bytes, 3, 3))
			.isNotEqualTo(Payload.parse("[ 1]"));
		assertThat(new Payload(bytes, 3, 3).toBytes()).asString(StandardCharsets.UTF_8).isEqualTo("[1]");
	}

	private static String nested(String opening, int depth) {
		String closing = opening.equals("[") ? "]" : "}";
		return opening.repeat(depth) + (opening.equals("[") ? "" : "0") + closing.repeat(depth);
	}

	private static void refuses(byte[] json) {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> Payload.parse(json));
	}

}
