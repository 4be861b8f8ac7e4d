package dev.switchboard.json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link JsonWriter}. */
class JsonWriterTests {

	private static final Payload ONE = Payload.parse("[ 1 ]");

	private static final Payload TWO = Payload.parse(" {\"two\" : 2} ");

	@Test
	void shouldWriteEachKindOfMember() {
		Map<String, String> strings = new LinkedHashMap<>();
		strings.put("a", "b");
		strings.put("c", "d");
		JsonWriter object = new JsonWriter().string("s", "t")
			.optionalString("none", null)
			.number("n", -7)
			.strings("empty", Map.of())
			.strings("strings", strings)
			.objects("list", List.of(new JsonWriter(), new JsonWriter().number("m", 1)));
		assertThat(text(object.end()))
			.isEqualTo("{\"s\":\"t\",\"n\":-7,\"strings\":{\"a\":\"b\",\"c\":\"d\"},\"list\":[{},{\"m\":1}]}");
	}

	@Test
	void shouldEscapeWhatJsonRequires() {
		assertThat(text(new JsonWriter().string("\"", "\\\u0000\u001f/\u007f\u00e9").end()))
			.isEqualTo("{\"\\\"\":\"\\\\\\u0000\\u001f/\u007f\u00e9\"}");
	}

	@Test
	void shouldKeepPayloadsInTheirPlaces() {
		JsonWriter nested = new JsonWriter().payload("a", ONE).string("b", "c").payload("d", TWO);
		byte[] json = new JsonWriter().payload("first", TWO)
			.object("nested", nested)
			.objects("list", List.of(new JsonWriter().payload("e", ONE)))
			.payload("last", ONE)
			.end();
		assertThat(text(json)).isEqualTo("{\"first\":{\"two\" : 2},\"nested\":{\"a\":[ 1 ],\"b\":\"c\",\"d\":"
				+ "{\"two\" : 2}},\"list\":[{\"e\":[ 1 ]}],\"last\":[ 1 ]}");
	}

	@Test
	void shouldEndWithAPayloadIfThereIsOne() {
		assertThat(text(new JsonWriter().number("n", 1).end(ONE))).isEqualTo("{\"n\":1,\"payload\":[ 1 ]}");
		assertThat(text(new JsonWriter().number("n", 1).end(null))).isEqualTo("{\"n\":1}");
	}

	@Test
	void shouldWriteBetweenAPrefixAndASuffix() {
		assertThat(text(new JsonWriter().payload("chunk", ONE).end(utf8("data:"), utf8("\n\n"))))
			.isEqualTo("data:{\"chunk\":[ 1 ]}\n\n");
	}

	@Test
	void shouldCopyAPayloadOnceWhereverItIs() {
		Payload large = Allocations.large();
		assertThat(Allocations.bytesOf(() -> new JsonWriter().payload("p", large).string("s", "t").end()))
			.isLessThan(Allocations.once(large));
		assertThat(Allocations
			.bytesOf(() -> new JsonWriter().object("o", new JsonWriter().payload("p", large)).number("n", 1).end()))
			.isLessThan(Allocations.once(large));
	}

	private static String text(byte[] json) {
		return new String(json, StandardCharsets.UTF_8);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
