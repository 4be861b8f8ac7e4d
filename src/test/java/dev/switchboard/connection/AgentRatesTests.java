package dev.switchboard.connection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.DisconnectReason;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

class AgentRatesTests {

	private static final int RATE = 100;

	private static final int BURST = 4 * RATE;

	private final ManualTime time = new ManualTime();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final List<String> paused = new ArrayList<>();

	private final AgentRates rates = new AgentRates(
			new RateSettings(RATE, RATE, DataSize.ofMegabytes(1), Duration.ofSeconds(30)), this.time, this.paused::add);

	private final EventLoopContext context = new EventLoopContext(this.channel.eventLoop(),
			new TimerWheel(this.channel.eventLoop(), this.time, (_) -> {
			}), new ConnectionLimits(3, 1000, 600, Duration.ofMinutes(10).toNanos()),
			new ConnectionMetrics(new SimpleMeterRegistry(), new ConnectionRegistry()), (_, _) -> {
			}, (_) -> {
			}, Ownership.ALONE, new FaultLog(this.time), new Holdings(this.channel.eventLoop(), ByteBudget.unlimited()),
			this.rates, this.time, Chance.seeded(1));

	private final ScriptedSession session = new ScriptedSession(this.channel.eventLoop());

	private final AgentConnection agent = new AgentConnection(new AgentCredentials(new AgentId("acme", "laptop"), null),
			1, null, this.session, this.context);

	private void controls(int count) {
		for (int i = 0; i < count; i++) {
			this.rates.read(this.agent, 6, 0, 1);
		}
	}

	@Test
	void shouldReadABurstAtOnce() {
		controls(BURST);
		assertThat(this.session.pauses).isEmpty();
	}

	/** The pings of eclipse-ee4j/tyrus #954, which no handler of messages sees. */
	@Test
	void shouldPauseAnAgentThatSendsMoreThanABurst() {
		controls(BURST + 20);
		assertThat(this.session.pauses).isNotEmpty();
		assertThat(this.paused).containsOnly("control frames");
		assertThat(this.session.closed).isNull();
	}

	@Test
	void shouldPauseForAllRates() {
		this.rates.read(this.agent, 6 << 20, 0, 0);
		for (int i = 0; i < 2 * BURST; i++) {
			this.rates.message(this.agent);
		}
		assertThat(this.paused).containsOnly("bytes", "messages").contains("bytes", "messages");
	}

	/** Empty fragments cost work too, as in websockets/ws #2329. */
	@Test
	void shouldCountFragmentsAsMessages() {
		this.rates.read(this.agent, 6 * 16 * BURST, 16 * BURST, 0);
		assertThat(this.paused).isEmpty();
		this.rates.read(this.agent, 6 * 16 * 100, 16 * 100, 0);
		assertThat(this.paused).containsOnly("messages");
	}

	@Test
	void shouldNotCountAnswersThatCallersWaitFor() {
		for (int i = 0; i < 10 * BURST; i++) {
			this.rates.read(this.agent, 1000, 0, 0);
			this.rates.message(this.agent);
			this.rates.answered(1000);
		}
		assertThat(this.paused).isEmpty();
		assertThat(this.rates.active()).isZero();
	}

	@Test
	void shouldCloseAnAgentThatGoesOn() {
		controls(BURST);
		for (int i = 0; i < 31; i++) {
			assertThat(this.session.closed).isNull();
			controls(2 * RATE);
			this.time.advance(Duration.ofSeconds(1));
		}
		controls(2 * RATE);
		this.channel.runPendingTasks();
		assertThat(this.session.closed).isNotNull().satisfies((status) -> {
			assertThat(status.getCode()).isEqualTo(DisconnectReason.PROTOCOL_VIOLATION.code());
			assertThat(status.getReason()).isEqualTo("more than 100 control frames a second for 30 s");
		});
	}

	@Test
	void shouldForgetAnAgentThatSendsLittle() {
		controls(BURST);
		assertThat(this.rates.active()).isOne();
		this.time.advance(Duration.ofMinutes(1));
		AgentConnection other = new AgentConnection(new AgentCredentials(new AgentId("acme", "other"), null), 1, null,
				this.session, this.context);
		this.rates.read(other, 2 << 20, 0, 0);
		assertThat(this.rates.active()).isOne();
	}

}
