package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;

import static org.assertj.core.api.Assertions.assertThat;

class BodyReaderTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final NettyDataBufferFactory factory = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

	private final List<ByteBuf> buffers = new ArrayList<>();

	@Test
	void shouldReadABodyInPartsAnnouncedOrNot() {
		String text = "x".repeat(30_000) + "end";
		Flux<DataBuffer> parts = Flux.range(0, text.length())
			.buffer(7)
			.map((at) -> buffer(text.substring(at.getFirst(), at.getLast() + 1)));
		expect(read(MockServerHttpRequest.post("/").body(parts), 100_000), text);
		expect(read(MockServerHttpRequest.post("/").contentLength(text.length()).body(parts), 100_000), text);
		assertReleased();
	}

	@Test
	void shouldReadABodyOfExactlyTheLimitAndRefuseOneByteMore() {
		expect(read(MockServerHttpRequest.post("/").body(Flux.just(buffer("12"), buffer("34"))), 4), "1234");
		AtomicBoolean cancelled = new AtomicBoolean();
		Flux<DataBuffer> tooMuch = Flux.just("12", "345", "6").map(this::buffer).doOnCancel(() -> cancelled.set(true));
		StepVerifier.create(read(MockServerHttpRequest.post("/").body(tooMuch), 4))
			.expectError(DataBufferLimitException.class)
			.verify(PATIENCE);
		assertThat(cancelled).isTrue();
		assertReleased();
	}

	@Test
	void shouldHoldLittleForABodyThatIsOnlyAnnounced() {
		MockServerHttpRequest request = MockServerHttpRequest.post("/").contentLength(1 << 30).body(Flux.never());
		StepVerifier.create(read(request, Integer.MAX_VALUE)).expectSubscription().thenCancel().verify(PATIENCE);
	}

	@Test
	void shouldReadNothingAsNothing() {
		expect(read(MockServerHttpRequest.post("/").body(Flux.empty()), 4), "");
	}

	private static Mono<byte[]> read(MockServerHttpRequest request, int limit) {
		return BodyReader.read(request, limit);
	}

	private static void expect(Mono<byte[]> body, String text) {
		StepVerifier.create(body.map((bytes) -> new String(bytes, StandardCharsets.US_ASCII)))
			.expectNext(text)
			.expectComplete()
			.verify(PATIENCE);
	}

	private DataBuffer buffer(String text) {
		NettyDataBuffer buffer = this.factory.allocateBuffer(text.length());
		buffer.write(text, StandardCharsets.US_ASCII);
		this.buffers.add(buffer.getNativeBuffer());
		return buffer;
	}

	private void assertReleased() {
		assertThat(this.buffers).isNotEmpty().allSatisfy((buffer) -> assertThat(buffer.refCnt()).isZero());
	}

}
