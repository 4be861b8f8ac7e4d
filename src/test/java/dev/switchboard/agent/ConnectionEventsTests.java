package dev.switchboard.agent;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;

import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.NodeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionEventsTests {

	private static final URI URL = URI.create("ws://127.0.0.1:1/v1/connect");

	private static final Duration DELAY = Duration.ofMillis(7);

	private static final AgentListener.Connected CONNECTED = new AgentListener.Connected(URL,
			NodeId.parse("00000000-0000-0000-0000-000000000001"),
			ConnectionId.parse("00000000-0000-0000-0000-000000000002"), 3);

	private final RecordedLog log = new RecordedLog();

	private final RecordedEvents heard = new RecordedEvents();

	private final AtomicLong now = new AtomicLong();

	private final ConnectionEvents events = new ConnectionEvents(this.heard, this.now::get);

	@AfterEach
	void close() {
		this.log.close();
	}

	private void fail(String why) {
		this.events.ended(URL, new Ending.Unreachable(new IOException(why)), false, DELAY);
	}

	@Test
	void shouldWarnOnceOfAFailureThatRepeats() {
		for (int i = 0; i < 100; i++) {
			fail("refused");
		}
		assertThat(this.log.at(Level.WARNING)).containsExactly(
				"Cannot connect to " + URL + ", attempt 1: java.io.IOException: refused; next attempt in 7 ms");
		assertThat(this.log.at(Level.FINE)).hasSize(99);
	}

	@Test
	void shouldWarnAgainAfterFiveMinutes() {
		fail("refused");
		this.now.addAndGet(Duration.ofMinutes(5).toNanos());
		fail("refused");
		fail("refused");
		assertThat(this.log.at(Level.WARNING)).hasSize(2);
	}

	@Test
	void shouldWarnOfEachCauseThatIsNew() {
		fail("refused");
		fail("timed out");
		fail("refused");
		assertThat(this.log.at(Level.WARNING)).hasSize(2);
	}

	@Test
	void shouldWarnAgainInTheNextOutage() {
		fail("refused");
		this.events.connected(CONNECTED);
		fail("refused");
		assertThat(this.log.at(Level.WARNING)).hasSize(2);
		assertThat(this.log.at(Level.INFO)).singleElement().asString().endsWith("after 1 failed attempts");
	}

	@Test
	void shouldNotWarnOfEveryCauseWhenAllDiffer() {
		for (int i = 0; i < 1000; i++) {
			fail("cause " + i);
		}
		assertThat(this.log.at(Level.WARNING)).hasSizeLessThan(20);
	}

	@Test
	void shouldNameTheCauseOfAnExceptionWithoutAMessage() {
		Exception unnamed = new ConnectException();
		unnamed.initCause(new IOException("no route to host"));
		this.events.ended(URL, new Ending.Unreachable(unnamed), false, DELAY);
		assertThat(this.log.at(Level.WARNING)).singleElement().asString().contains("no route to host");
	}

	@Test
	void shouldNumberTheAttemptsOfAnOutageFromOne() throws InterruptedException {
		fail("refused");
		fail("refused");
		assertThat(this.heard.next(AgentListener.ConnectFailed.class).attempt()).isEqualTo(1);
		assertThat(this.heard.next(AgentListener.ConnectFailed.class).attempt()).isEqualTo(2);
		this.events.connected(CONNECTED);
		fail("refused");
		this.heard.next(AgentListener.Connected.class);
		assertThat(this.heard.next(AgentListener.ConnectFailed.class).attempt()).isEqualTo(1);
	}

	@Test
	void shouldReportNoDisconnectionWithoutAConnection() throws InterruptedException {
		this.events.ended(URL, new Ending.Closed(1006, "reset", false, Duration.ZERO, false), false, DELAY);
		assertThat(this.heard.next(AgentListener.ConnectFailed.class).cause()).hasMessageContaining("1006 reset");
		this.events.connected(CONNECTED);
		this.heard.next(AgentListener.Connected.class);
		this.events.ended(URL, new Ending.Closed(1001, "leaving", false, Duration.ZERO, false), false, DELAY);
		this.heard.next(AgentListener.Disconnected.class);
		this.events.ended(URL, new Ending.Closed(1001, "leaving", false, Duration.ZERO, false), false, DELAY);
		this.heard.next(AgentListener.ConnectFailed.class);
		assertThat(this.heard.isEmpty()).isTrue();
	}

	@Test
	void shouldReportARedirectOnlyIfItIsNotFollowed() throws InterruptedException {
		this.events.ended(URL, new Ending.Redirected(URI.create("ws://b")), true, Duration.ZERO);
		assertThat(this.heard.isEmpty()).isTrue();
		this.events.ended(URL, new Ending.Redirected(URI.create("ws://b")), false, DELAY);
		assertThat(this.heard.next(AgentListener.ConnectFailed.class).cause()).hasMessageContaining("redirects");
	}

	@Test
	void shouldReportThatTheConnectionIsToBeReplaced() throws InterruptedException {
		this.events.connected(CONNECTED);
		this.heard.next(AgentListener.Connected.class);
		this.events.ended(URL, new Ending.Leaving(new Frame.GoAway(7, null, "drain")), false, DELAY);
		assertThat(this.heard.next(AgentListener.Replacing.class))
			.isEqualTo(new AgentListener.Replacing(CONNECTED, "drain", DELAY));
		assertThat(this.log.at(Level.WARNING)).isEmpty();
	}

	@Test
	void shouldWarnOfACloseThatTheAgentCausedButNotOfOneThatIsRoutine() {
		this.events.connected(CONNECTED);
		this.events.ended(URL, new Ending.Closed(1012, "node restarts", false, Duration.ZERO, false), false, DELAY);
		assertThat(this.log.at(Level.WARNING)).isEmpty();
		this.events.connected(CONNECTED);
		this.events.ended(URL, new Ending.Closed(4500, "credentials revoked", false, Duration.ZERO, false), false,
				null);
		assertThat(this.log.at(Level.WARNING)).singleElement()
			.asString()
			.contains("4500 credentials revoked; no further attempt");
	}

	@Test
	void shouldLogAndOutliveAnExceptionOfItsListener() {
		ConnectionEvents failing = new ConnectionEvents(new AgentListener() {
			@Override
			public void connected(Connected event) {
				throw new IllegalStateException("listener");
			}
		}, this.now::get);
		failing.connected(CONNECTED);
		assertThat(this.log.at(Level.WARNING)).containsExactly("The agent's listener failed");
	}

}
