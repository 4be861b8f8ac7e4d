package dev.switchboard.directory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.call.CallStore;
import dev.switchboard.call.DirectoryCallStore;
import dev.switchboard.database.Database;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.MemberStatements;
import dev.switchboard.node.NodeStatus;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;

/** One node of a history: the code that sends its statements. */
final class HistoryNode {

	private static final List<NodeStatus> STATUSES = List.of(
			new NodeStatus(() -> 8070, 3, "ws://127.0.0.1:8090", () -> 7, "1.2.3", () -> 5000),
			new NodeStatus(() -> 65535, 3, null, () -> Integer.MAX_VALUE, "1.2.3-\u00e4 ", () -> 1),
			new NodeStatus(() -> 1, 4, "wss://" + "n".repeat(1018), () -> 0, "", () -> Integer.MAX_VALUE));

	private static final List<String> HOSTS = List.of("127.0.0.1", "H".repeat(255), "2001:db8::1");

	private static final List<String> ZONES = List.of("zone-a", "Zone-\u00c4 ", "\ud83d\ude00".repeat(64));

	static final ChangeSql CHANGES = new ChangeSql(new PresenceSettings(true, Duration.ofMillis(1500)));

	final NodeId id;

	final DirectoryClock clock;

	final AgentDirectory agents;

	final AgentWriter writer;

	final FlappingAgents flapping;

	final CallStore calls;

	final MemberStatements member;

	private boolean knowsZone;

	/** The superseded connections of other nodes that a step has reported. */
	final List<Superseded> superseded = new ArrayList<>();

	HistoryNode(int number, Database database, TimeSource time) {
		this.id = HistoryNames.node(number);
		this.clock = new DirectoryClock(time);
		this.writer = new AgentWriter(this.id, this.clock, CHANGES);
		this.calls = new DirectoryCallStore(this.id, database, Chance.SYSTEM);
		this.member = new MemberStatements(this.id, HOSTS.get(number), () -> zone(number),
				Duration.ofMillis(15_000 + number), STATUSES.get(number), this.clock);
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.flapping = new FlappingAgents(this.clock, time, meters, List.of());
		this.agents = new AgentDirectory(this.id, database, new DirectorySettings(Duration.ofDays(90), 10_000),
				new DirectoryMetrics(meters), this.flapping, List.of(this.superseded::add), CHANGES, List.of(),
				this.clock, Chance.SYSTEM);
	}

	/** Returns the node's zone, which is not known when the node registers first. */
	private @Nullable String zone(int number) {
		boolean known = this.knowsZone;
		this.knowsZone = true;
		return known ? ZONES.get(number) : null;
	}

}
