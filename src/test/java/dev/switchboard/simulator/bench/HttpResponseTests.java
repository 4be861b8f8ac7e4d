package dev.switchboard.simulator.bench;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class HttpResponseTests {

	@ParameterizedTest
	@ValueSource(strings = { "HTTP/1.1 200 OK\r\nContent-Type: a\r\ncontent-length: 5\r\n\r\nhello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n" })
	void shouldReadABodyOnceItIsWhole(String text) {
		for (int cut = 0; cut < text.length(); cut++) {
			assertThat(read(text.substring(0, cut))).as("first %d", cut).isNull();
		}
		HttpResponse response = Objects.requireNonNull(read(text));
		assertThat(response.status()).isEqualTo(200);
		assertThat(response.text()).isEqualTo("hello");
		assertThat(response.keepAlive()).isTrue();
	}

	@Test
	void shouldLeaveAnUnfinishedResponseInTheBuffer() {
		ByteBuf in = Unpooled.copiedBuffer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
				StandardCharsets.US_ASCII);
		int before = in.readableBytes();
		assertThat(HttpResponse.read(in)).isNull();
		assertThat(in.readableBytes()).isEqualTo(before);
	}

	@Test
	void shouldNoticeThatTheConnectionEnds() {
		HttpResponse response = Objects
			.requireNonNull(read("HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
		assertThat(response.keepAlive()).isFalse();
	}

	@Test
	void shouldRefuseWhatIsNoResponse() {
		assertThatIllegalStateException().isThrownBy(() -> read("GET / HTTP/1.1\r\n\r\n"));
		assertThatIllegalStateException().isThrownBy(() -> read("HTTP/1.1 200 OK\r\n\r\n"));
	}

	@Test
	void shouldNameAFailureByItsProblem() {
		HttpResponse response = new HttpResponse(409, """
				{"type":"urn:switchboard:problem:agent-offline","status":409}""".getBytes(StandardCharsets.UTF_8),
				true);
		assertThat(Verdict.failure(response)).isEqualTo(new Verdict.Failure("agent-offline"));
		assertThat(Verdict.failure(new HttpResponse(500, new byte[0], true)))
			.isEqualTo(new Verdict.Failure("HTTP 500"));
	}

	private static @Nullable HttpResponse read(String text) {
		return HttpResponse.read(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
	}

}
