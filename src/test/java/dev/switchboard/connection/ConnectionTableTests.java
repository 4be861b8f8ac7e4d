package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.switchboard.protocol.AgentId;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionTableTests {

	private final ConnectionTable table = new ConnectionTable();

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final ScriptedSession session = new ScriptedSession(this.loop);

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldKeepTheNewestOfAnAgent() {
		AgentConnection second = connection(1, 2);
		AgentConnection first = connection(1, 1);
		AgentConnection third = connection(1, 3);
		assertThat(this.table.putIfNewer(second)).isNull();
		assertThat(this.table.putIfNewer(first)).isSameAs(first);
		assertThat(this.table.putIfNewer(third)).isSameAs(second);
		assertThat(this.table.get(third.agent())).isSameAs(third);
		assertThat(this.table.size()).isEqualTo(1);
	}

	@Test
	void shouldNotRemoveTheSuccessor() {
		AgentConnection first = connection(1, 1);
		AgentConnection second = connection(1, 2);
		this.table.putIfNewer(first);
		this.table.putIfNewer(second);
		assertThat(this.table.remove(first)).isFalse();
		assertThat(this.table.get(first.agent())).isSameAs(second);
		assertThat(this.table.remove(second)).isTrue();
		assertThat(this.table.get(first.agent())).isNull();
		assertThat(this.table.size()).isZero();
	}

	@Test
	void shouldHoldWhatAMapHoldsAfterAnyChanges() {
		Random random = new Random(7);
		Map<AgentId, AgentConnection> expected = new HashMap<>();
		for (int epoch = 1; epoch <= 200_000; epoch++) {
			AgentConnection connection = connection(random.nextInt(20_000), epoch);
			AgentConnection present = expected.get(connection.agent());
			if (present != null && random.nextInt(3) > 0) {
				assertThat(this.table.remove(present)).isTrue();
				expected.remove(present.agent());
			}
			else {
				assertThat(this.table.putIfNewer(connection)).isSameAs(present);
				expected.put(connection.agent(), connection);
			}
		}
		assertThat(this.table.size()).isEqualTo(expected.size());
		expected.forEach((agent, connection) -> assertThat(this.table.get(agent)).isSameAs(connection));
		List<AgentConnection> all = new ArrayList<>();
		this.table.forEach(all::add);
		assertThat(all).hasSize(expected.size()).doesNotHaveDuplicates();
		assertThat(Set.copyOf(all)).isEqualTo(Set.copyOf(expected.values()));
		expected.values().forEach(this.table::remove);
		assertThat(this.table.size()).isZero();
	}

	@Test
	void shouldAlwaysFindWhatStaysWhileOthersComeAndGo() throws Exception {
		List<AgentConnection> staying = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			staying.add(connection(i, 1));
			this.table.putIfNewer(staying.get(i));
		}
		AtomicBoolean done = new AtomicBoolean();
		try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
			Callable<Integer> search = () -> {
				int misses = 0;
				while (!done.get()) {
					for (AgentConnection each : staying) {
						misses += (this.table.get(each.agent()) == each) ? 0 : 1;
					}
				}
				return misses;
			};
			Future<Integer> searching = threads.submit(search);
			Future<?> moving = threads.submit(() -> comeAndGo(done));
			moving.get(1, TimeUnit.MINUTES);
			assertThat(searching.get(1, TimeUnit.MINUTES)).isZero();
		}
	}

	private void comeAndGo(AtomicBoolean done) {
		try {
			for (int round = 0; round < 20; round++) {
				List<AgentConnection> visitors = new ArrayList<>();
				for (int i = 0; i < 4000; i++) {
					visitors.add(connection(2000 + i, round));
				}
				visitors.forEach(this.table::putIfNewer);
				visitors.forEach(this.table::remove);
			}
		}
		finally {
			done.set(true);
		}
	}

	private AgentConnection connection(int agent, long epoch) {
		return this.session.connection(new AgentId("demo", "laptop-" + agent), epoch);
	}

}
