package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class ChunkStreamTests {

	private static final CallId ID = CallId.parse("00000000-0000-4000-8000-000000000001");

	private static final CallOutcome COMPLETED = CallOutcome.of(ID, new Answer.Completed(Payload.NULL));

	private static final CallOutcome FAILED = CallOutcome.of(ID, ProblemException.offline(null));

	private static final Payload HALF = chunk((int) ChunkStream.LIMIT / 2);

	private final ChunkStream stream = new ChunkStream(StreamFormat.NDJSON);

	private final List<ByteBuf> lines = new ArrayList<>();

	@AfterEach
	void release() {
		this.lines.stream().filter((line) -> line.refCnt() > 0).forEach(ByteBuf::release);
	}

	@Test
	void shouldWriteALineForEachChunkAndOneForTheEnd() {
		assertThat(this.stream.accept(Payload.parse("1"))).isTrue();
		take();
		assertThat(this.stream.accept(Payload.parse("2"))).isTrue();
		this.stream.end(COMPLETED);
		assertThat(text()).isEqualTo("{\"chunk\":1}\n{\"chunk\":2}\n" + COMPLETED.answer().text() + "\n");
	}

	@Test
	void shouldEndInALineForAFailureAfterAChunk() {
		this.stream.accept(Payload.parse("1"));
		this.stream.end(FAILED);
		take();
		assertThat(text()).endsWith(FAILED.answer().text() + "\n");
	}

	@Test
	void shouldEndInAnOrdinaryAnswerForAFailureBeforeAnyChunk() {
		this.stream.end(FAILED);
		StepVerifier.create(this.stream.lines())
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOfSatisfying(ChunkStream.UnbegunStreamException.class,
							(unbegun) -> assertThat(unbegun.outcome()).isEqualTo(FAILED)))
			.verify();
	}

	@Test
	void shouldPassOnThatTheCallCouldNotStart() {
		this.stream.fail(ProblemException.invalid("planted"));
		StepVerifier.create(this.stream.lines()).verifyErrorMessage("planted");
	}

	@Test
	void shouldTakeNoMoreThanTheLimitUntilTheSocketHasWritten() {
		assertThat(this.stream.accept(HALF)).isTrue();
		assertThat(this.stream.accept(HALF)).isFalse();
		take();
		assertThat(this.stream.accept(HALF)).isFalse();
		this.lines.removeFirst().release();
		assertThat(this.stream.accept(HALF)).isTrue();
	}

	@Test
	void shouldTakeAChunkOverTheLimitIfNothingWaits() {
		assertThat(this.stream.accept(chunk((int) ChunkStream.LIMIT + 1))).isTrue();
		assertThat(this.stream.accept(Payload.parse("1"))).isFalse();
	}

	@Test
	void shouldDropWhatWaitsForACallerThatHungUp() {
		this.stream.accept(HALF);
		StepVerifier.create(this.stream.lines(), 0).thenCancel().verify();
		assertThat(this.stream.accept(HALF)).isTrue();
	}

	@Test
	void shouldSayItsMediaType() {
		assertThat(this.stream.mediaType()).hasToString("application/x-ndjson");
		assertThat(new ChunkStream(StreamFormat.EVENTS).mediaType()).hasToString("text/event-stream");
	}

	private Disposable take() {
		return this.stream.lines().subscribe(this.lines::add);
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		this.lines.forEach((line) -> text.append(line.toString(StandardCharsets.UTF_8)));
		return text.toString();
	}

	private static Payload chunk(int length) {
		return Payload.parse("\"" + "x".repeat(length - 2) + "\"");
	}

}
