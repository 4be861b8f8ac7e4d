package dev.switchboard.listener;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class FieldListTests {

	private static HttpHeaders lines(String... lines) {
		HttpHeaders headers = new HttpHeaders();
		for (String line : lines) {
			headers.add("Prefer", line);
		}
		return headers;
	}

	@Test
	void shouldReadElementsOfAllLines() {
		assertThat(FieldList.of(lines("a, b", "", ",c ,", "d"), "prefer")).containsExactly("a", "b", "c", "d");
		assertThat(FieldList.of(lines(), "prefer")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', value = { "a=\"x, y\", b | a=\"x, y\" | b",
			"a=\"x\\\", y\", b | a=\"x\\\", y\" | b", "\"\", \"b\" | \"\" | \"b\"" })
	void shouldNotSplitQuotedStrings(String line, String first, String second) {
		assertThat(FieldList.of(lines(line), "Prefer")).containsExactly(first, second);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'',
			value = { "\"a\" | a", "a | a", "\"a\\\"b\" | a\"b", "\" | \"", "\"\" | ''" })
	void shouldUnquote(String text, String content) {
		assertThat(FieldList.unquoted(text)).isEqualTo(content);
	}

	@Test
	void shouldEndAQuotedStringThatDoesNotEndWithTheLine() {
		assertThat(FieldList.of(lines("a=\"x, y", "b\\"), "Prefer")).containsExactly("a=\"x, y", "b\\");
	}

	@Test
	void shouldCompareTokensWithoutCase() {
		HttpHeaders headers = lines("keep-alive", "x, UPGRADE");
		assertThat(FieldList.contains(headers, "Prefer", "upgrade")).isTrue();
		assertThat(FieldList.contains(headers, "Prefer", "up")).isFalse();
	}

}
