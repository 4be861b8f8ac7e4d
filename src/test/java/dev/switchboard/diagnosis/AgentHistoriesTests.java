package dev.switchboard.diagnosis;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AgentHistoriesTests {

	private static final int MOST = 100;

	private static final AgentId AGENT = TestEvents.agent("laptop");

	private final ManualTime time = new ManualTime();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final AgentHistories histories = new AgentHistories(MOST, TestEvents.NODE, this.time::now, this.time,
			this.meters);

	@Test
	void shouldRememberTheTenLatestEventsOfAKind() {
		for (int second = 0; second < 15; second++) {
			this.histories.add(AGENT, TestEvents.close(second, 1000 + second, ""));
		}
		assertThat(this.histories.of(AGENT).closes()).extracting(EndedConnection::code)
			.containsExactly(1014, 1013, 1012, 1011, 1010, 1009, 1008, 1007, 1006, 1005);
		assertThat(this.histories.of(AGENT).refusals()).isEmpty();
	}

	@Test
	void shouldForgetAnEventAfterAnHour() {
		this.histories.add(AGENT, TestEvents.close(0, 1001, ""));
		this.time.advance(Duration.ofMinutes(50));
		this.histories.add(AGENT, TestEvents.close(50 * 60, 4001, ""));
		this.time.advance(Duration.ofMinutes(20));
		assertThat(this.histories.of(AGENT).closes()).extracting(EndedConnection::code).containsExactly(4001);
		this.time.advance(Duration.ofMinutes(50));
		assertThat(this.histories.of(AGENT)).isEqualTo(AgentHistory.NONE);
	}

	@Test
	void shouldRememberNoMoreEventsThanItMayOfHoweverManyAgents() {
		IntStream.range(0, 10 * MOST)
			.forEach((i) -> this.histories.add(TestEvents.agent("a" + i), TestEvents.close(0, 1006, "")));
		assertThat(this.meters.get("switchboard.diagnosis.entries").gauge().value()).isEqualTo(MOST);
		assertThat(this.meters.get("switchboard.diagnosis.forgotten").counter().count()).isEqualTo(9 * MOST);
	}

	@Test
	void shouldRememberARefusedHandshake() {
		this.histories.refused(AGENT, new ProblemException(Problem.FORBIDDEN, "x".repeat(1000)),
				new InetSocketAddress("192.0.2.1", 99));
		assertThat(this.histories.of(AGENT).refusals()).singleElement()
			.isEqualTo(new RefusedHandshake(Instant.EPOCH, "forbidden", "x".repeat(256), "192.0.2.1:99",
					TestEvents.NODE.toString()));
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1:99, 192.0.2.1", "192.0.2.1, 192.0.2.1", "[2001:db8::1]:99, [2001:db8::1]",
			"[2001:db8::1], [2001:db8::1]" })
	void shouldKnowAMachineByItsAddressWithoutThePort(String remoteAddress, String address) {
		assertThat(SecondMachine.at(remoteAddress, Instant.EPOCH).address()).isEqualTo(address);
	}

}
