package dev.switchboard.connection;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import dev.switchboard.transport.SessionObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is held for connections, on an event loop whose time the test moves. */
class LargestHoldersTests {

	private static final Duration STEP = Duration.ofMillis(100);

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final ByteBudget budget = new ByteBudget(10_000, 5000);

	private final LargestHolders holders = new LargestHolders(this.budget, this.meters);

	private final EventLoopContext context = new EventLoopContext(this.channel.eventLoop(),
			new TimerWheel(this.channel.eventLoop(), this.time, (_) -> {
			}), new ConnectionLimits(3, 1000, 600, Duration.ofMinutes(10).toNanos()),
			new ConnectionMetrics(this.meters, new ConnectionRegistry()), (_, _) -> {
			}, (_) -> {
			}, Ownership.ALONE, new FaultLog(this.time), this.holders.on(this.channel.eventLoop()),
			TestRates.unlimited(), this.time, Chance.seeded(1));

	@BeforeEach
	void freeze() {
		this.channel.freezeTime();
	}

	private record Held(AgentConnection connection, ScriptedSession session) {
	}

	private Held connect(String tenant) {
		ScriptedSession session = new ScriptedSession(this.channel.eventLoop());
		session.lastHeardNanos = this.time.nanoTime();
		AgentConnection connection = new AgentConnection(new AgentCredentials(new AgentId(tenant, "laptop"), null), 1,
				null, session, this.context);
		connection.run().subscribe();
		return new Held(connection, session);
	}

	private void run(Duration time) {
		for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(STEP)) {
			this.time.advance(STEP);
			this.channel.advanceTimeBy(STEP.toNanos(), TimeUnit.NANOSECONDS);
			this.channel.runScheduledPendingTasks();
			this.channel.runPendingTasks();
		}
	}

	private static void assertClosed(Held held, DisconnectReason reason, String text) {
		assertThat(held.session.closed).isNotNull().satisfies((status) -> {
			assertThat(status.getCode()).isEqualTo(reason.code());
			assertThat(status.getReason()).isEqualTo(text);
		});
	}

	/** The crash of emqx/emqx #860 and moquette-io/moquette #141: slow readers. */
	@Test
	void shouldCloseTheLargestHolderOfATenantAboveItsLimit() {
		Held large = connect("noisy");
		Held small = connect("noisy");
		Held other = connect("quiet");
		other.connection.unsent(4000);
		small.connection.unsent(1500);
		large.connection.unsent(3600);
		run(STEP);
		assertClosed(large, DisconnectReason.TOO_SLOW, LargestHolders.TEXT);
		assertThat(small.session.closed).isNull();
		assertThat(other.session.closed).isNull();
		assertThat(this.meters.get("switchboard.budget.closed").counter().count()).isOne();
	}

	@Test
	void shouldCloseTheLargestHolderOfTheNode() {
		Held large = connect("a");
		Held small = connect("b");
		this.budget.add(BudgetKind.HANDSHAKES, null, 2000);
		large.connection.unsent(4800);
		small.connection.unsent(3300);
		run(STEP);
		assertClosed(large, DisconnectReason.TOO_SLOW, LargestHolders.TEXT);
		assertThat(small.session.closed).isNull();
	}

	@Test
	void shouldCloseNobodyElseWhileClosingFreesEnough() {
		Held large = connect("noisy");
		Held small = connect("noisy");
		large.connection.unsent(4900);
		small.connection.unsent(200);
		run(STEP);
		small.connection.unsent(10);
		run(STEP);
		assertClosed(large, DisconnectReason.TOO_SLOW, LargestHolders.TEXT);
		assertThat(small.session.closed).isNull();
	}

	/** The unfinished messages of websockets/ws #2331. */
	@Test
	void shouldCountTheBytesOfAMessageUntilItEnds() {
		Held held = connect("noisy");
		SessionObserver.Arrival arrival = held.connection.begun(this.time.nanoTime());
		arrival.held(4000);
		assertThat(this.budget.held(BudgetKind.INBOUND)).isEqualTo(4000);
		arrival.held(-4000);
		arrival.ended();
		assertThat(this.budget.held(BudgetKind.INBOUND)).isZero();
		run(ConnectionSettings.MAX_MESSAGE_TIME.plusSeconds(2));
		assertThat(held.session.closed).isNull();
	}

	/** Nothing more of the message comes, so no read finds it to be late. */
	@Test
	void shouldCloseAConnectionWhoseMessageIsNotWholeInTime() {
		Held held = connect("noisy");
		held.connection.begun(this.time.nanoTime());
		run(ConnectionSettings.MAX_MESSAGE_TIME);
		assertThat(held.session.closed).isNull();
		run(Duration.ofMillis(1500));
		assertClosed(held, DisconnectReason.PROTOCOL_VIOLATION, "message took more than 30 s");
	}

}
