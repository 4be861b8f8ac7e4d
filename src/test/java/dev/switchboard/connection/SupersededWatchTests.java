package dev.switchboard.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeSource;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

class SupersededWatchTests {

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.loop);

	private final AgentConnection connection = this.session.connection(new AgentId("acme", "laptop"), 1);

	private final List<AgentConnection> alive = new ArrayList<>();

	private final SupersededWatch watch = new SupersededWatch(TimeSource.SYSTEM, this.alive::add);

	private VirtualTimeScheduler time = VirtualTimeScheduler.create();

	@BeforeEach
	void stopTheClock() {
		this.time = VirtualTimeScheduler.getOrSet();
	}

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	/**
	 * A machine that has lost its connection sends nothing over it, whatever the address
	 * of its new connection.
	 */
	@Test
	void shouldTakeAConnectionThatIsSilentForDead() {
		this.session.quietFor(Duration.ofMillis(1));
		this.watch.watch(this.connection);
		this.time.advanceTimeBy(SupersededWatch.PATIENCE.multipliedBy(10));
		assertThat(this.alive).isEmpty();
	}

	@Test
	void shouldNoticeThatAConnectionAnswersItsClose() {
		this.session.quietFor(Duration.ofMinutes(1));
		this.watch.watch(this.connection);
		this.session.quietFor(Duration.ZERO);
		assertThat(this.alive).isEmpty();
		this.time.advanceTimeBy(SupersededWatch.PATIENCE);
		assertThat(this.alive).containsExactly(this.connection);
	}

}
