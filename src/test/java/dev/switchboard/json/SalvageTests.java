package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

class SalvageTests {

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":\"x\",\"b\":NaN}", "{\"b\":NaN,\"a\":\"x\"}", "{\"b\":[1,],\"a\":\"x\"}",
			"{\"b\":\"\\x\",\"a\":\"x\"}", "{\"b\":\"\u0001\",\"a\":\"x\"}", "{\"\\x\":1,\"a\":\"x\"}",
			"{\"a\":\"x\",\"b\":{\"c\":", "{\"a\":\"x\",\"b\":\"", "{\"a\":\"x\"}}", "{\"a\":\"x\"}{\"a\":\"y\"}",
			" { \"a\" : \"x\" , } ", "{\"a\":\"x\",\"a\":\"x\"," })
	void shouldReadWhatIsRightInAMalformedObject(String json) {
		assertThat(salvage(json).string("a")).isEqualTo("x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "null", "[\"a\"]", "{\"a\"", "{\"a\":", "{\"a\":\"x", "{\"a\":1}",
			"{\"a\":\"x\",\"a\":\"y\"}", "{\"a\":\"x\",\"a\":1}", "{'a':'x'}", "{\"b\":{\"a\":\"x\"}}",
			"{\"a\":\"x\" \"b\":1}" })
	void shouldReadNothingThatIsNotThereForSure(String json) {
		assertThat(salvage(json).string("a")).isNull();
	}

	/** The quote in the middle makes the rest of the payload look like members. */
	@Test
	void shouldNotTrustWhatFollowsAFaultUnlessAllFitsTogether() {
		assertThat(salvage("{\"p\":\"he said \"no\",\"id\":\"forged\"").string("id")).isNull();
		assertThat(salvage("{\"p\":NaN,\"id\":\"right\",\"q\":[").string("id")).isNull();
	}

	@Test
	void shouldLeaveOutTheLabelsThatAreNoStrings() {
		String json = "{\"labels\":{\"a\":\"1\",\"b\":2,\"c\":NaN,\"d\":\"x\",\"d\":\"y\",\"d\":\"z\",\"e\":\"5\"}}";
		assertThat(salvage(json).strings("labels")).isEqualTo(Map.of("a", "1", "e", "5"));
		assertThat(salvage("{\"labels\":[]}").strings("labels")).isEmpty();
		assertThat(salvage("{\"labels\":{\"a\":\"\"},\"labels\":{}}").strings("labels")).isEmpty();
		assertThat(salvage("{}").strings("labels")).isEmpty();
	}

	@Test
	void shouldReadManyMembersInOnePass() {
		String labels = IntStream.range(0, 100_000)
			.mapToObj((i) -> "\"" + i + "\":\"\"")
			.collect(Collectors.joining(","));
		byte[] few = ("{\"labels\":{" + labels.substring(0, labels.length() / 4).replaceAll(",[^,]*$", "") + "}}")
			.getBytes(StandardCharsets.UTF_8);
		byte[] many = ("{\"labels\":{" + labels + "}}").getBytes(StandardCharsets.UTF_8);
		assertThat(Allocations.bytesOf(() -> Salvage.of(many).strings("labels")))
			.isLessThan(6 * Allocations.bytesOf(() -> Salvage.of(few).strings("labels")));
	}

	@RepeatedTest(200)
	void shouldThrowNothingAtDamagedMessages(RepetitionInfo repetition) {
		SplittableRandom random = new SplittableRandom(repetition.getCurrentRepetition());
		byte[] json = "{\"type\":\"result\",\"labels\":{\"a\":\"\\u00e9\",\"b\":[1,{}]},\"x\":\"\\\\\"}"
			.getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 50; i++) {
			json[random.nextInt(json.length)] = (byte) random.nextInt(256);
			Salvage salvage = Salvage.of(json);
			assertThatNoException().isThrownBy(() -> salvage.string("type"));
			assertThatNoException().isThrownBy(() -> salvage.strings("labels"));
		}
	}

	private static Salvage salvage(String json) {
		return Salvage.of(json.getBytes(StandardCharsets.UTF_8));
	}

}
