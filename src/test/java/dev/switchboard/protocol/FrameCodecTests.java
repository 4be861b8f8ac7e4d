package dev.switchboard.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import dev.switchboard.json.Allocations;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

public class FrameCodecTests {

	private static final String ID = "0190163d-8694-739b-aea5-966c26f8ad91";

	private static final CallId CALL = CallId.parse(ID);

	private static final Payload PAYLOAD = Payload.parse("{ \"a\":[1, 2.50e1],\"\\u00e9\": \"\\/é\" }");

	static Stream<Arguments> fromGateway() {
		UUID uuid = UUID.fromString(ID);
		return Stream.of(arguments(
				new Frame.Welcome(new ConnectionId(uuid), 7, new NodeId(uuid), 30_000, 262_144, 64, 500, 30_000),
				"""
						{"type":"welcome","connectionId":"%1$s","epoch":7,"node":"%1$s","heartbeatMillis":30000,\
						"maxFrameBytes":262144,"maxInFlight":64,"reconnect":{"minMillis":500,"maxMillis":30000}}"""
					.formatted(ID)),
				arguments(new Frame.Call(CALL, "echo", 10_000, "00-ab-cd-01", PAYLOAD), "{\"type\":\"call\",\"id\":\""
						+ ID + "\",\"method\":\"echo\",\"ttlMillis\":10000,\"traceparent\":\"00-ab-cd-01\",\"payload\":"
						+ PAYLOAD.text() + "}"),
				arguments(new Frame.Call(CALL, "e\"\\\n", 0, null, Payload.NULL),
						"{\"type\":\"call\",\"id\":\"" + ID
								+ "\",\"method\":\"e\\\"\\\\\\u000a\",\"ttlMillis\":0,\"payload\":null}"),
				arguments(new Frame.Cancel(CALL), "{\"type\":\"cancel\",\"id\":\"" + ID + "\"}"),
				arguments(new Frame.Push(CALL, "é", PAYLOAD),
						"{\"type\":\"push\",\"id\":\"" + ID + "\",\"method\":\"é\",\"payload\":" + PAYLOAD.text()
								+ "}"),
				arguments(new Frame.Push(CALL, "m", true, PAYLOAD),
						"{\"type\":\"push\",\"id\":\"" + ID + "\",\"method\":\"m\",\"durable\":true,\"payload\":"
								+ PAYLOAD.text() + "}"),
				arguments(new Frame.EventAck("e-1"), "{\"type\":\"event-ack\",\"id\":\"e-1\"}"),
				arguments(new Frame.EventError("e-1", "invalid", "subject missing", null),
						"{\"type\":\"event-error\",\"id\":\"e-1\",\"code\":\"invalid\",\"message\":\"subject missing\"}"),
				arguments(new Frame.EventError("e-1", "busy", "later", 1500L),
						"{\"type\":\"event-error\",\"id\":\"e-1\",\"code\":\"busy\",\"message\":\"later\",\"retryMillis\":1500}"),
				arguments(new Frame.GoAway(250, null, "drain"),
						"{\"type\":\"goaway\",\"reconnectAfterMillis\":250,\"reason\":\"drain\"}"),
				arguments(new Frame.GoAway(0, "wss://n/", ""),
						"{\"type\":\"goaway\",\"reconnectAfterMillis\":0,\"url\":\"wss://n/\",\"reason\":\"\"}"));
	}

	static Stream<Arguments> fromCaller() {
		return fromGateway().filter((each) -> each.get()[0] instanceof Frame.FromCaller);
	}

	static Stream<Arguments> fromAgent() {
		return Stream.of(arguments(new Frame.Hello(Map.of(), null), "{\"type\":\"hello\"}"),
				arguments(new Frame.Hello(Map.of("os", "linux"), "1.0"),
						"{\"type\":\"hello\",\"labels\":{\"os\":\"linux\"},\"agentVersion\":\"1.0\"}"),
				arguments(new Frame.Accept(CALL), "{\"type\":\"accept\",\"id\":\"" + ID + "\"}"),
				arguments(new Frame.Chunk(CALL, PAYLOAD),
						"{\"type\":\"chunk\",\"id\":\"" + ID + "\",\"payload\":" + PAYLOAD.text() + "}"),
				arguments(new Frame.Result(CALL, PAYLOAD),
						"{\"type\":\"result\",\"id\":\"" + ID + "\",\"payload\":" + PAYLOAD.text() + "}"),
				arguments(new Frame.Error(CALL, "busy", "come later", null),
						"{\"type\":\"error\",\"id\":\"" + ID + "\",\"code\":\"busy\",\"message\":\"come later\"}"),
				arguments(new Frame.Error(CALL, "busy", "", PAYLOAD),
						"{\"type\":\"error\",\"id\":\"" + ID + "\",\"code\":\"busy\",\"message\":\"\",\"payload\":"
								+ PAYLOAD.text() + "}"),
				arguments(new Frame.Ack("p-1"), "{\"type\":\"ack\",\"id\":\"p-1\"}"),
				arguments(new Frame.Event("e-1", "door/open", PAYLOAD),
						"{\"type\":\"event\",\"id\":\"e-1\",\"subject\":\"door/open\",\"payload\":" + PAYLOAD.text()
								+ "}"),
				arguments(new Frame.AuthRefresh("a.b.c"), "{\"type\":\"auth-refresh\",\"token\":\"a.b.c\"}"));
	}

	@ParameterizedTest
	@MethodSource({ "fromGateway", "fromAgent" })
	void shouldWriteTheseBytes(Frame frame, String message) {
		assertThat(new String(FrameCodec.encode(frame), StandardCharsets.UTF_8)).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("fromCaller")
	void shouldWriteTheHeadAsItWritesTheWhole(Frame.FromCaller frame, String message) {
		String head = new String(FrameCodec.encodeHead(frame), StandardCharsets.UTF_8);
		assertThat(head + frame.payload().text() + "}").isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("fromGateway")
	void shouldReadTheGatewaysBytes(Frame frame, String message) {
		assertThat(FrameCodec.decodeFromGateway(utf8(message))).isEqualTo(frame);
	}

	@ParameterizedTest
	@MethodSource("fromAgent")
	void shouldReadTheAgentsBytes(Frame frame, String message) {
		assertThat(FrameCodec.decodeFromAgent(utf8(message))).isEqualTo(frame);
	}

	@Test
	void shouldTakeMembersInAnyOrderAndIgnoreUnknownOnesAndWhiteSpace() {
		String message = " {\n\"payload\" : [1] ,\t\"x\":{\"type\":3}, \"x\":0,\"id\":\"%s\",\"\\u0074ype\":\"result\" }\r\n"
			.formatted(ID);
		assertThat(FrameCodec.decodeFromAgent(utf8(message))).isEqualTo(new Frame.Result(CALL, Payload.parse("[1]")));
	}

	@Test
	void shouldIgnoreUnknownTypes() {
		assertThat(FrameCodec.decodeFromAgent(utf8("{\"type\":\"telemetry\",\"id\":1}"))).isNull();
		assertThat(FrameCodec.decodeFromAgent(utf8("{\"type\":\"call\"}"))).isNull();
		assertThat(FrameCodec.decodeFromGateway(utf8("{\"type\":\"result\"}"))).isNull();
	}

	@Test
	void shouldNotCopyThePayload() {
		byte[] message = utf8("{\"type\":\"result\",\"id\":\"" + ID + "\",\"payload\":[1]}");
		assertThat(FrameCodec.decodeFromAgent(message)).isInstanceOfSatisfying(Frame.Result.class,
				(result) -> assertThat(result.payload().bytes()).isSameAs(message));
	}

	@Test
	void shouldTakeTextWhoseUtf8IsKnownWithoutCheckingItAgain() {
		byte[] message = utf8("{\"type\":\"result\",\"id\":\"" + ID + "\",\"payload\":\"\u00e9\"}");
		assertThat(FrameCodec.decodeUtf8FromAgent(message)).isEqualTo(FrameCodec.decodeFromAgent(message));
		message[message.length - 3] = '?'; // the transport lets no such text pass
		assertThat(FrameCodec.decodeUtf8FromAgent(message)).isInstanceOfSatisfying(Frame.Result.class,
				(result) -> assertThat(result.payload().bytes()).isSameAs(message));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> FrameCodec.decodeFromAgent(message));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"type\":\"ack\",\"id\":\"1\"", "{\"type\":\"ack\",\"id\":\"\u0001\"}",
			"{\u00e9\"type\":\"hello\"}", "{\"type\":\"\\\u00e9\"}", "{\"type\":\"\\u00\u00e9\"}" })
	void shouldCheckTheJsonOfTextWhoseUtf8IsKnown(String message) {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> FrameCodec.decodeUtf8FromAgent(utf8(message)));
	}

	@Test
	void shouldCopyALargePayloadOnceIntoItsFrame() {
		Payload large = Allocations.large();
		assertThat(Allocations.bytesOf(() -> FrameCodec.encode(new Frame.Result(CALL, large))))
			.isLessThan(Allocations.once(large));
		assertThat(Allocations.bytesOf(() -> FrameCodec.encode(new Frame.Call(CALL, "m", 1, null, large))))
			.isLessThan(Allocations.once(large));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"type\":null}", "{\"type\":1}", "{\"type\":\"ack\"}",
			"{\"type\":\"ack\",\"type\":\"ack\",\"id\":\"1\"}",
			"{\"type\":\"ack\",\"t\\u0079pe\":\"ack\",\"id\":\"1\"}", "{\"type\":\"ack\",\"id\":\"1\",\"id\":\"1\"}",
			"{\"type\":\"ack\",\"id\":1}", "{\"type\":\"accept\",\"id\":1}", "{\"type\":\"result\",\"payload\":1}",
			"{\"type\":\"auth-refresh\"}" })
	void shouldRefuseAMemberThatIsMissingOrTwiceThereOrOfTheWrongType(String message) {
		refusesFromAgent(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "-0", "1.0", "1e3", "\"1\"", "null", "9223372036854775808" })
	void shouldRefuseATtlThatIsNoInteger(String ttl) {
		String message = "{\"type\":\"call\",\"id\":\"%s\",\"method\":\"m\",\"ttlMillis\":%s,\"payload\":1}"
			.formatted(ID, ttl);
		refusesFromGateway(message);
	}

	@Test
	void shouldRefuseAWelcomeWithALimitThatIsNoInt() {
		String welcome = new String(
				FrameCodec
					.encode(new Frame.Welcome(TestIds.connection(), 1, TestIds.node(), 1, 1, Integer.MAX_VALUE, 1, 1)),
				StandardCharsets.UTF_8);
		assertThat(FrameCodec.decodeFromGateway(utf8(welcome))).isNotNull();
		refusesFromGateway(welcome.replace("2147483647", "2147483648"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "[]", "1", "\"type\"", "{", "{\"type\"", "{\"type\":",
			"{\"type\":\"ack\"", "{\"type\":\"ack\",}", "{\"type\":\"ack\" \"id\":\"1\"}",
			"{\"type\":\"ack\",\"id\":\"1\"}x", "{\"type\":\"ack\",\"id\":\"1\"}{}", "{type:\"ack\"}", "{'type':'ack'}",
			"{1:2}", "{\"type\":\"ack\",\"x\":}", "\uFEFF{\"type\":\"hello\"}", "{\"type\":\"hello\"}\u0000",
			"{\u00a0\"type\":\"hello\"}", "{\"type\":\"hello\",/**/\"x\":1}" })
	void shouldRefuseWhatIsNotOneObject(String message) {
		refusesFromAgent(message);
	}

	public static void refusesFromAgent(String message) {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> FrameCodec.decodeFromAgent(utf8(message)));
	}

	private static void refusesFromGateway(String message) {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> FrameCodec.decodeFromGateway(utf8(message)));
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
