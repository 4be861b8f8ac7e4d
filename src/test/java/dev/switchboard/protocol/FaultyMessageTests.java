package dev.switchboard.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Messages in which ' stands for a quote, and ID for the id of a call. */
class FaultyMessageTests {

	private static final String ID = "0190163d-8694-739b-aea5-966c26f8ad91";

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'type':'result','id':ID,'payload':1,'payload':2}            | result.payload is there twice
					{'type':'error','id':ID,'message':'m'}                       | error.code missing
					{'type':'error','id':ID,'code':5,'message':'m'}              | error.code must be a string
					{'type':'error','id':ID,'code':'c','message':null}           | error.message must be a string
					{'type':'error','id':ID,'code':'c','code':'c','message':'m'} | error.code is there twice
					{'type':'error','id':ID,'code':'c','payload':1,'payload':1}  | error.payload is there twice
					{'type':'result','id':ID,'id':ID,'payload':1}                | result.id is there twice
					{'type':'result','type':'result','id':ID,'payload':1}        | result.type is there twice
					{'type':'result','id':ID,'payload':NaN}                      | malformed JSON at byte 71: not JSON
					{'type':'result','payload':-Infinity,'id':ID}                | malformed JSON at byte 28: not JSON
					{'payload':[1,],'id':ID,'type':'result'}                     | malformed JSON at byte 14: not JSON
					{'type':'result','id':ID,'payload':{'a':                     | malformed JSON at byte 76: not JSON
					{'type':'result','id':ID,'payload':1}}                       | malformed JSON at byte 73: something follows the value
					""")
	void shouldCostTheCallThatItNames(String message, String fault) {
		BadAnswerException bad = bad(message);
		assertThat(bad.call()).isEqualTo(CallId.parse(ID));
		assertThat(bad.isLast()).isTrue();
		assertThat(bad.fault()).isEqualTo(fault);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'chunk','id':ID,'payload':NaN}", "{'type':'accept','id':ID,'x':NaN}",
			"{'type':'accept','id':ID,'id':ID}" })
	void shouldSayThatTheAgentMayStillWorkOnTheCall(String message) {
		assertThat(bad(message).isLast()).isFalse();
	}

	@Test
	void shouldNameNoCallByAnIdThatIsNone() {
		assertThat(bad("{'type':'result','id':'x','payload':NaN}").call()).isEqualTo(CallId.NONE);
	}

	@Test
	void shouldCostTheCallWhoseAnswerNestsTooDeep() {
		String deep = "[".repeat(513) + "]".repeat(513);
		assertThat(bad("{'payload':" + deep + ",'type':'result','id':ID}").fault())
			.endsWith("nested more than 512 deep");
	}

	@ParameterizedTest(name = "{0}")
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					{'type':'result','payload':1}                               | result.id missing
					{'type':'result','id':7,'payload':1}                        | result.id must be a string
					{'type':'result','id':ID,'id':'other','payload':1}          | result.id is there twice
					{'id':ID,'payload':1}                                       | type missing
					{'type':'result','type':'error','id':ID,'payload':1}        | type is there twice
					{'type':'ack'}                                              | ack.id missing
					{'type':'event','subject':'s'}                              | event.id missing
					{'type':'auth-refresh','token':1}                           | auth-refresh.token must be a string
					{'type':'future','x':NaN}                                   | malformed JSON at byte 21: not JSON
					{'type':'result','payload':NaN,'id':ID,                     | malformed JSON at byte 27: not JSON
					{'type':'hello'}}                                           | malformed JSON at byte 16: something follows the value
					{'type':'hello','labels':{}                                 | malformed JSON at byte 27: expected '}'
					[]                                                          | malformed JSON at byte 0: expected '{'
					""")
	void shouldCostTheConnectionWhereItCannotBeRead(String message, String fault) {
		assertThatExceptionOfType(JsonException.class).isThrownBy(() -> decode(message))
			.isNotInstanceOf(BadAnswerException.class)
			.withMessage(fault);
	}

	@Test
	void shouldTakeAMissingPayloadForNullAndAMissingMessageForEmpty() {
		CallId id = CallId.parse(ID);
		assertThat(decode("{'type':'result','id':ID}")).isEqualTo(new Frame.Result(id, Payload.NULL));
		assertThat(decode("{'type':'chunk','id':ID}")).isEqualTo(new Frame.Chunk(id, Payload.NULL));
		assertThat(decode("{'type':'error','id':ID,'code':'c'}")).isEqualTo(new Frame.Error(id, "c", "", null));
	}

	@Test
	void shouldRefuseAFaultyEventByItsId() {
		assertThatExceptionOfType(BadEventException.class)
			.isThrownBy(() -> decode("{'type':'event','id':'e','payload':NaN}"))
			.satisfies((ex) -> assertThat(ex.id()).isEqualTo("e"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'hello','labels':{'os':'linux','x':1},'agentVersion':2}",
			"{'type':'hello','labels':{'os':'linux','x':NaN},'agentVersion':NaN}",
			"{'type':'hello','labels':{'os':'linux','not a name':'y','.x':'z'}}",
			"{'type':'hello','labels':{'os':'linux','x':'1','x':'2'},'agentVersion':'1','agentVersion':'2'}" })
	void shouldLeaveOutWhatIsUnusableInAHello(String message) {
		assertThat(decode(message)).isEqualTo(new Frame.Hello(Map.of("os", "linux"), null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{'type':'hello','labels':[]}", "{'type':'hello','labels':{},'labels':{'a':'b'}}",
			"{'type':'hello','labels':{'a':null}}" })
	void shouldTakeAHelloWithoutUsableLabels(String message) {
		assertThat(decode(message)).isEqualTo(new Frame.Hello(Map.of(), null));
	}

	@Test
	void shouldKeepToTheLimitsOfAHello() {
		String labels = IntStream.range(0, 40).mapToObj((i) -> "'l" + i + "':''").collect(Collectors.joining(","));
		assertThat(decode("{'type':'hello','labels':{" + labels + "}}")).isInstanceOfSatisfying(Frame.Hello.class,
				(hello) -> assertThat(hello.labels()).hasSize(32).containsKey("l0").doesNotContainKey("l32"));
		String longest = "x".repeat(256);
		assertThat(decode("{'type':'hello','labels':{'a':'" + longest + "','b':'" + longest + "x'},'agentVersion':'"
				+ longest + "'}"))
			.isEqualTo(new Frame.Hello(Map.of("a", longest), null));
	}

	@Test
	void shouldReadTheHeadOfAMessageThatIsCutOff() {
		CallId id = CallId.parse(ID);
		assertThat(head("{'type':'result','id':ID,'payload':'xxx")).isEqualTo(new AnswerHead(id, true, true));
		assertThat(head("{'id':ID,'type':'chunk','payload':[")).isEqualTo(new AnswerHead(id, true, false));
		assertThat(head("{'id':ID,'payload':'xxx")).isEqualTo(new AnswerHead(id, false, true));
		assertThat(head("{'type':'result','payload':'xxx")).isNull();
		assertThat(head("{'type':'event','id':ID,'payload':'xxx")).isNull();
		assertThat(head("{'type':'result','id':'0190163d")).isNull();
		assertThat(head("")).isNull();
	}

	private static @Nullable AnswerHead head(String message) {
		return AnswerHead.read(utf8(message));
	}

	private static BadAnswerException bad(String message) {
		return catchThrowableOfType(BadAnswerException.class, () -> decode(message));
	}

	private static @Nullable Frame decode(String message) {
		return FrameCodec.decodeFromAgent(utf8(message));
	}

	private static byte[] utf8(String message) {
		return message.replace("ID", "'" + ID + "'").replace('\'', '"').getBytes(StandardCharsets.UTF_8);
	}

}
