package dev.switchboard.log;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import dev.switchboard.time.ManualTime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class UnblockedAppenderTests {

	private final LoggerContext context = new LoggerContext();

	private final ManualTime time = new ManualTime();

	private final UnblockedAppender appender = new UnblockedAppender(this.time);

	private final Output output = new Output();

	@BeforeEach
	void start() {
		this.context.setMDCAdapter(new LogbackMDCAdapter());
		this.output.setContext(this.context);
		this.output.start();
		this.appender.setContext(this.context);
		this.appender.addAppender(this.output);
		this.appender.start();
		this.context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(this.appender);
	}

	@AfterEach
	void stop() {
		this.output.open.countDown();
		this.context.stop();
	}

	@Test
	void shouldNeverWaitForTheOutput() {
		Logger logger = this.context.getLogger("dev.switchboard.x");
		for (int i = 0; i < 20_000; i++) {
			logger.info("{}", i);
		}
		// The thread that writes may have taken all of one queue.
		assertThat(this.appender.discarded()).isBetween(20_000L - 2 * 4096 - 1, 20_000L - 4096);
		this.output.open.countDown();
		Awaitility.await().until(() -> this.output.lines.size() == 20_000 - this.appender.discarded());
		assertThat(this.output.lines).startsWith("0", "1", "2");
	}

	@Test
	void shouldLogSomeWarningsOfALibraryOnly() {
		this.output.open.countDown();
		Logger netty = this.context.getLogger("io.netty.x");
		netty.warn("first");
		netty.error("second");
		netty.info("not a warning");
		this.context.getLogger("reactor.netty.x").warn("of another logger");
		this.time.advance(Duration.ofSeconds(6));
		netty.warn("third");
		Awaitility.await().until(() -> this.output.lines.size() == 4);
		assertThat(this.output.lines).containsExactly("first", "not a warning", "of another logger", "third");
		assertThat(this.appender.discarded()).isEqualTo(1);
	}

	@Test
	void shouldWriteValuesWithoutControlCharacters() {
		this.output.open.countDown();
		this.context.getLogger("dev.switchboard.x").info("ours:\n{}", "a\r\nb\u001b[2J\u2028c");
		this.context.getLogger("dev.switchboard.x").info("ours:\nwithout values");
		this.context.getLogger("com.example.x").setLevel(Level.INFO);
		this.context.getLogger("com.example.x").info("joined: a\nb\u0000");
		this.context.getLogger("com.example.x").info("long: {}", "x".repeat(10_000));
		Awaitility.await().until(() -> this.output.lines.size() == 4);
		assertThat(this.output.lines.subList(0, 3)).containsExactly("ours:\na\\u000d\\u000ab\\u001b[2J\\u2028c",
				"ours:\nwithout values", "joined: a\\u000ab\\u0000");
		assertThat(this.output.lines.getLast()).startsWith("long: xxx").hasSize(8192 + 3);
	}

	@Test
	void shouldWriteFailuresWithoutControlCharacters() {
		this.output.open.countDown();
		Exception cause = new IllegalStateException("cause\nFORGED 1");
		Exception failure = new IllegalArgumentException("a\r\nFORGED 2", cause);
		failure.addSuppressed(new IllegalStateException("suppressed\u0085FORGED 3"));
		this.context.getLogger("dev.switchboard.x").warn("failed", failure);
		Awaitility.await().until(() -> this.output.traces.size() == 1);
		assertThat(this.output.traces.getFirst().split("\\R")).hasSizeGreaterThan(6)
			.noneMatch((line) -> line.startsWith("FORGED"))
			.contains("java.lang.IllegalArgumentException: a\\u000d\\u000aFORGED 2",
					"Caused by: java.lang.IllegalStateException: cause\\u000aFORGED 1");
	}

	/** An appender that takes nothing until it is opened. */
	private static final class Output extends AppenderBase<ILoggingEvent> {

		final CountDownLatch open = new CountDownLatch(1);

		final List<String> lines = new CopyOnWriteArrayList<>();

		final List<String> traces = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			try {
				this.open.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.lines.add(event.getFormattedMessage());
			if (event.getThrowableProxy() != null) {
				this.traces.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
			}
		}

	}

}
