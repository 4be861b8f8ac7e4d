package dev.switchboard.handshake;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.Chance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SourceGateTests {

	private final AtomicInteger refused = new AtomicInteger();

	private final EmbeddedChannel channel = new EmbeddedChannel(
			new SourceGate(Chance.seeded(1), this.refused::incrementAndGet));

	@AfterEach
	void release() {
		this.channel.finishAndReleaseAll();
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /v1/connect HTTP/1.1\r\nHost: h\r\n\r\n", "GET /health?", "\u0000", "GET  /healthz" })
	void shouldRefuseAndClose(String request) {
		assertThat(this.channel.writeInbound(bytes(request))).isFalse();
		ByteBuf answer = this.channel.readOutbound();
		String text = answer.toString(StandardCharsets.US_ASCII);
		answer.release();
		assertThat(text).startsWith("HTTP/1.1 503 Service Unavailable\r\n")
			.containsPattern("Retry-After: ([1-9]|[12][0-9]|30)\r\n")
			.contains("urn:switchboard:problem:unavailable", SourceGate.DETAIL);
		assertThat(text.length() - text.indexOf("\r\n\r\n") - 4)
			.isEqualTo(Integer.parseInt(text.replaceAll("(?s).*Content-Length: ([0-9]+).*", "$1")));
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.refused).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "GET /healthz HTTP/1.1\r\n\r\n", "HEAD /healthz HTTP/1.1\r\n\r\n", "GET /he", "H" })
	void shouldLetHealthChecksPass(String request) {
		assertThat(this.channel.writeInbound(bytes(request))).isTrue();
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(this.channel.pipeline().get(SourceGate.class)).isNull();
		assertThat(this.refused).hasValue(0);
	}

	@Test
	void shouldRefuseNothingBeforeTheFirstBytes() {
		this.channel.runPendingTasks();
		assertThat(this.channel.isOpen()).isTrue();
		assertThat(this.channel.outboundMessages()).isEmpty();
	}

	private static ByteBuf bytes(String text) {
		return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
	}

}
