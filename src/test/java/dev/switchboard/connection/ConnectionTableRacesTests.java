package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.switchboard.protocol.AgentId;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Event loops that use the table at the same time. Lincheck draws short programs for two
 * threads, runs each with many orders of the threads' reads and writes, and checks that
 * the answers are those of some order of the whole operations.
 */
@Tag("races")
class ConnectionTableRacesTests {

	@Test
	void shouldAnswerAsIfEachOperationHadTheTableToItself() {
		new ModelCheckingOptions().iterations(10)
			.invocationsPerIteration(150)
			.threads(2)
			.actorsPerThread(3)
			.actorsBefore(4)
			.actorsAfter(2)
			.sequentialSpecification(OfMap.class)
			.check(OfTable.class);
	}

	/**
	 * The connections of four agents, whose entries are in one stripe. Searches for three
	 * of them begin at one slot. Each agent has three connections.
	 */
	private static final List<AgentConnection> CONNECTIONS = connections();

	private static List<AgentConnection> connections() {
		ScriptedSession session = new ScriptedSession(new DefaultEventExecutor());
		List<AgentConnection> connections = new ArrayList<>();
		for (AgentId agent : neighbours()) {
			IntStream.rangeClosed(1, 3).forEach((epoch) -> connections.add(session.connection(agent, epoch)));
		}
		return connections;
	}

	private static List<AgentId> neighbours() {
		List<AgentId> neighbours = new ArrayList<>();
		for (int i = 0; neighbours.size() < 4; i++) {
			AgentId agent = new AgentId("demo", "a" + i);
			int hash = ConnectionTable.hash(agent);
			if (hash >>> 24 == 0 && (hash & 7) == ((neighbours.size() < 3) ? 2 : 3)) {
				neighbours.add(agent);
			}
		}
		return neighbours;
	}

	/** The table, by the numbers of the connections. */
	@Param(name = "connection", gen = IntGen.class, conf = "0:11")
	@Param(name = "agent", gen = IntGen.class, conf = "0:3")
	public static class OfTable {

		private final ConnectionTable table = new ConnectionTable();

		@Operation
		public int put(@Param(name = "connection") int connection) {
			return number(this.table.putIfNewer(CONNECTIONS.get(connection)));
		}

		@Operation
		public boolean remove(@Param(name = "connection") int connection) {
			return this.table.remove(CONNECTIONS.get(connection));
		}

		@Operation
		public int find(@Param(name = "agent") int agent) {
			return number(this.table.get(CONNECTIONS.get(agent * 3).agent()));
		}

		private static int number(@Nullable AgentConnection connection) {
			return (connection != null) ? CONNECTIONS.indexOf(connection) : -1;
		}

	}

	/** What the table must do, on a map. */
	public static class OfMap {

		private final Map<Integer, Integer> newest = new HashMap<>();

		public int put(int connection) {
			Integer present = this.newest.get(connection / 3);
			if (present != null && present >= connection) {
				return connection;
			}
			this.newest.put(connection / 3, connection);
			return (present != null) ? present : -1;
		}

		public boolean remove(int connection) {
			return this.newest.remove(connection / 3, connection);
		}

		public int find(int agent) {
			return this.newest.getOrDefault(agent, -1);
		}

	}

}
