package dev.switchboard.dev;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.switchboard.agent.ScriptedConnection;
import dev.switchboard.agent.ScriptedGateway;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SampleAgentsTests {

	private final ScriptedGateway gateway = new ScriptedGateway();

	private final List<Duration> pauses = new CopyOnWriteArrayList<>();

	private final SampleAgents agents = new SampleAgents(this.gateway.url(), "demo", 2, this.pauses::add);

	@AfterEach
	void close() {
		this.agents.close();
		this.gateway.close();
	}

	@Test
	void shouldConnectAsLaptopsOfTheTenant() throws Exception {
		var started = this.agents.start();
		List<String> names = new ArrayList<>();
		for (int i = 1; i <= 2; i++) {
			ScriptedConnection connection = this.gateway.welcomed(i);
			assertThat(connection.headers().get("Switchboard-Tenant")).isEqualTo("demo");
			names.add(connection.headers().get("Switchboard-Agent"));
		}
		started.get(20, TimeUnit.SECONDS);
		assertThat(names).containsExactlyInAnyOrder("laptop-1", "laptop-2");
	}

	@Test
	void shouldKnowTheSampleMethods() throws Exception {
		ScriptedConnection connection = connect();
		CallId id = connection.call("echo", "[1, 2]");
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("[1, 2]")));
		id = connection.call("sleep", "{\"millis\":1}");
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("{\"slept\":1}")));
		connection.call("fail", "{}");
		assertThat(connection.next()).isInstanceOf(Frame.Error.class);
		connection.call("info", "null");
		assertThat(connection.next()).isInstanceOfSatisfying(Frame.Result.class,
				(result) -> assertThat(Envelope.parse(result.payload().toBytes()).string("agent"))
					.startsWith("laptop-"));
		connection.call("sleep", "{\"millis\":\"soon\"}");
		assertThat(connection.next()).isInstanceOfSatisfying(Frame.Error.class,
				(error) -> assertThat(error.code()).isEqualTo("invalid-payload"));
	}

	@Test
	void shouldStreamItsCountInOrder() throws Exception {
		ScriptedConnection connection = connect();
		CallId id = connection.call("count", "{\"to\":5000}");
		for (int i = 1; i <= 5000; i++) {
			assertThat(connection.next()).isEqualTo(new Frame.Chunk(id, Payload.parse(Integer.toString(i))));
		}
		assertThat(connection.next()).isEqualTo(new Frame.Result(id, Payload.parse("{\"counted\":5000}")));
	}

	@Test
	void shouldPauseBetweenTheFirstPartsSoThatTheyAreSeen() throws Exception {
		ScriptedConnection connection = connect();
		connection.call("count", "{\"to\":3}");
		for (int i = 0; i < 4; i++) {
			connection.next();
		}
		assertThat(this.pauses).containsExactly(Duration.ofMillis(200), Duration.ofMillis(200));
	}

	@Test
	void shouldNotPauseForLongerThanACallerWaits() throws Exception {
		ScriptedConnection connection = connect();
		connection.call("count", "{\"to\":1000}");
		for (int i = 0; i < 1001; i++) {
			connection.next();
		}
		assertThat(this.pauses).hasSize(999).containsOnly(Duration.ofMillis(4));
	}

	private ScriptedConnection connect() throws InterruptedException {
		var _ = this.agents.start();
		return this.gateway.welcomed(1);
	}

}
