package dev.switchboard.api;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.connection.Answer;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.CallId;
import dev.switchboard.time.TimeSource;
import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class ChunkStreamTests {

	private static final CallId ID = CallId.parse("00000000-0000-4000-8000-000000000001");

	private static final CallOutcome COMPLETED = CallOutcome.of(ID, new Answer.Completed(Payload.NULL));

	private static final CallOutcome FAILED = CallOutcome.of(ID, ProblemException.offline(null));

	private static final Payload HALF = chunk((int) LineStream.LIMIT / 2);

	private VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private ChunkStream stream = stream(StreamFormat.NDJSON);

	private final List<ByteBuf> lines = new ArrayList<>();

	private final StringBuilder written = new StringBuilder();

	@BeforeEach
	void stopTheClock() {
		this.time = VirtualTimeScheduler.getOrSet();
		this.stream = stream(StreamFormat.NDJSON);
	}

	private ChunkStream stream(StreamFormat format) {
		return new ChunkStream(format, new TimeSource() {

			@Override
			public long nanoTime() {
				return ChunkStreamTests.this.time.now(TimeUnit.NANOSECONDS);
			}

			@Override
			public Instant now() {
				return Instant.EPOCH.plusNanos(nanoTime());
			}

		});
	}

	@AfterEach
	void release() {
		VirtualTimeScheduler.reset();
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
		StepVerifier.create(this.stream.lines().lines())
			.expectErrorSatisfies(
					(ex) -> assertThat(ex).isInstanceOfSatisfying(ChunkStream.UnbegunStreamException.class,
							(unbegun) -> assertThat(unbegun.outcome()).isEqualTo(FAILED)))
			.verify();
	}

	@Test
	void shouldPassOnThatTheCallCouldNotStart() {
		this.stream.fail(ProblemException.invalid("planted"));
		StepVerifier.create(this.stream.lines().lines()).verifyErrorMessage("planted");
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
		assertThat(this.stream.accept(chunk((int) LineStream.LIMIT + 1))).isTrue();
		assertThat(this.stream.accept(Payload.parse("1"))).isFalse();
	}

	@Test
	void shouldDropWhatWaitsForACallerThatHungUp() {
		this.stream.accept(HALF);
		StepVerifier.create(this.stream.lines().lines(), 0).thenCancel().verify();
		assertThat(this.stream.accept(HALF)).isTrue();
	}

	@Test
	void shouldWriteAnEmptyLineEachTimeThatItHasBeenQuiet() {
		take();
		advance(14);
		assertThat(text()).isEmpty();
		advance(1);
		assertThat(text()).isEqualTo("\n");
		advance(15);
		advance(15);
		assertThat(text()).isEqualTo("\n\n\n");
		this.stream.end(COMPLETED);
		assertThat(text()).isEqualTo("\n\n\n" + COMPLETED.answer().text() + "\n");
	}

	@Test
	void shouldWriteACommentForEvents() {
		this.stream = stream(StreamFormat.EVENTS);
		take();
		advance(15);
		assertThat(text()).isEqualTo(":\n\n");
	}

	@Test
	void shouldCountFromTheLastLine() {
		take();
		for (int i = 0; i < 10; i++) {
			advance(10);
			this.stream.accept(Payload.parse("1"));
		}
		assertThat(text()).isEqualTo("{\"chunk\":1}\n".repeat(10));
		advance(14);
		assertThat(text()).endsWith("1}\n");
		advance(1);
		assertThat(text()).endsWith("1}\n\n");
	}

	@Test
	void shouldEndInALineForAFailureAfterAQuietTime() {
		take();
		advance(15);
		this.stream.end(FAILED);
		assertThat(text()).isEqualTo("\n" + FAILED.answer().text() + "\n");
	}

	@Test
	void shouldAddNothingForACallerThatIsSlow() {
		take();
		this.stream.accept(Payload.parse("1"));
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		assertThat(text()).isEqualTo("{\"chunk\":1}\n");
		this.lines.removeFirst().release();
		this.time.advanceTimeBy(Duration.ofSeconds(15));
		assertThat(text()).isEqualTo("\n");
	}

	@Test
	void shouldWriteNothingMoreOnceItHasEnded() {
		Disposable subscription = take();
		this.stream.end(COMPLETED);
		assertThat(subscription.isDisposed()).isTrue();
		advance(60);
		assertThat(text()).isEqualTo(COMPLETED.answer().text() + "\n");
	}

	@Test
	void shouldWriteNothingMoreForACallerThatHungUp() {
		take().dispose();
		advance(60);
		assertThat(text()).isEmpty();
	}

	/** Lets time pass, and then writes to the socket what is ready. */
	private void advance(int seconds) {
		this.lines.stream().filter((line) -> line.refCnt() > 0).forEach((line) -> {
			this.written.append(line.toString(StandardCharsets.UTF_8));
			line.release();
		});
		this.lines.clear();
		this.time.advanceTimeBy(Duration.ofSeconds(seconds));
	}

	@Test
	void shouldSayItsMediaType() {
		assertThat(this.stream.lines().mediaType()).hasToString("application/x-ndjson");
		assertThat(stream(StreamFormat.EVENTS).lines().mediaType()).hasToString("text/event-stream");
	}

	private Disposable take() {
		return this.stream.lines().lines().subscribe(this.lines::add);
	}

	private String text() {
		StringBuilder text = new StringBuilder(this.written);
		this.lines.forEach((line) -> text.append(line.toString(StandardCharsets.UTF_8)));
		return text.toString();
	}

	private static Payload chunk(int length) {
		return Payload.parse("\"" + "x".repeat(length - 2) + "\"");
	}

}
