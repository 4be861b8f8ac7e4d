package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.Call;
import dev.switchboard.routing.Disconnect;
import dev.switchboard.routing.Push;
import dev.switchboard.routing.Verb;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class VerbCodecTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop-1");

	private static final Duration LEFT = Duration.ofSeconds(7);

	private static final Payload PAYLOAD = Payload.parse("{\"a\": [1, 2]}");

	private final CallCodec calls = new CallCodec();

	private final Call call = new Call(AGENT, new Frame.Call(TestIds.call(), "echo", 5000, "00-trace", PAYLOAD),
			ChunkReceiver.DROP);

	@Test
	void shouldListTheCodecOfEveryVerb() {
		Push push = new Push(AGENT, new Frame.Push(TestIds.call(), "note", PAYLOAD), LEFT);
		List<Verb<?>> verbs = List.of(this.call, push, new Disconnect(AGENT, LEFT));

		assertThat(verbs).extracting((verb) -> (Object) verb.getClass())
			.containsExactlyInAnyOrder((Object[]) Verb.class.getPermittedSubclasses());
		assertThat(VerbCodecs.ALL)
			.containsExactlyInAnyOrderElementsOf(verbs.stream().map(VerbCodecTests::codec).toList());
		assertThat(VerbCodecs.ALL).extracting(VerbCodec::kind).doesNotHaveDuplicates();
	}

	private static VerbCodec<?, ?> codec(Verb<?> verb) {
		return VerbCodecs.of(verb);
	}

	@Test
	void shouldBringACallAcrossWithItsDeadline() {
		Call read = this.calls.decode(AGENT, LEFT, this.calls.encode(this.call), VerbCodecTests::takesNoPart);
		assertThat(read.agent()).isEqualTo(AGENT);
		assertThat(read.frame()).isEqualTo(this.call.frame());
		assertThat(read.timeToLive()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void shouldNarrowACallToWhatIsLeftOfItsTime() {
		assertThat(this.call.within(Duration.ofMillis(1)).timeToLive()).isEqualTo(Duration.ofMillis(1));
		assertThat(this.call.within(Duration.ZERO).timeToLive()).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void shouldSendThePartsOfACallBack() {
		List<String> parts = new ArrayList<>();
		Call read = this.calls.decode(AGENT, LEFT, this.calls.encode(this.call), (part) -> parts.add(text(part)));
		assertThat(read.chunks().accept(PAYLOAD)).isTrue();
		assertThat(parts).containsExactly(text(FrameCodec.encode(new Frame.Chunk(this.call.id(), PAYLOAD))));
	}

	@Test
	void shouldBringEveryAnswerOfACallBack() {
		for (Answer answer : List.of(new Answer.Completed(PAYLOAD), new Answer.Rejected("busy", "later", null),
				new Answer.Rejected("busy", "later", PAYLOAD))) {
			byte[] message = this.calls.encodeResult(this.call, answer);
			assertThat(this.calls.decodeResult(this.call, message)).isEqualTo(answer);
		}
	}

	@Test
	void shouldPassPartsOnBeforeTheAnswer() {
		List<Payload> parts = new ArrayList<>();
		byte[] chunk = FrameCodec.encode(new Frame.Chunk(this.call.id(), PAYLOAD));
		assertThat(this.calls.decodeResult(this.call.streamedTo(parts::add), chunk)).isNull();
		assertThat(parts).containsExactly(PAYLOAD);
	}

	@Test
	void shouldEndACallWhoseCallerReadsItsPartsTooSlowly() {
		byte[] chunk = FrameCodec.encode(new Frame.Chunk(this.call.id(), PAYLOAD));
		assertThatExceptionOfType(ConnectionException.class)
			.isThrownBy(() -> this.calls.decodeResult(this.call.streamedTo((_) -> false), chunk))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(ConnectionException.Reason.CALLER_TOO_SLOW));
	}

	@Test
	void shouldRefuseAMessageThatIsNoAnswer() {
		byte[] accept = FrameCodec.encode(new Frame.Accept(this.call.id()));
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> this.calls.decodeResult(this.call, accept));
	}

	@Test
	void shouldBringAPushAcrossWithItsWait() {
		PushCodec pushes = new PushCodec();
		Push push = new Push(AGENT, new Frame.Push(TestIds.call(), "note", PAYLOAD), Duration.ofSeconds(60));
		assertThat(pushes.decode(AGENT, LEFT, pushes.encode(push), VerbCodecTests::takesNoPart))
			.isEqualTo(push.within(LEFT));
	}

	@Test
	void shouldBringADisconnectAcross() {
		DisconnectCodec disconnects = new DisconnectCodec();
		Disconnect disconnect = new Disconnect(AGENT, LEFT);
		assertThat(disconnects.decode(AGENT, LEFT, disconnects.encode(disconnect), VerbCodecTests::takesNoPart))
			.isEqualTo(disconnect);
	}

	@Test
	void shouldRefuseABodyOfAnotherVerb() {
		byte[] push = new PushCodec().encode(new Push(AGENT, new Frame.Push(TestIds.call(), "note", PAYLOAD), LEFT));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.calls.decode(AGENT, LEFT, push, VerbCodecTests::takesNoPart));
		byte[] body = this.calls.encode(this.call);
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new PushCodec().decode(AGENT, LEFT, body, VerbCodecTests::takesNoPart));
	}

	private static boolean takesNoPart(byte[] part) {
		throw new AssertionError("a part: " + text(part));
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
