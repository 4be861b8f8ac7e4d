package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.database.MariaDbServer;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import reactor.core.publisher.Mono;

/**
 * Claims and lookups a second on MariaDB: as many callers as a storm has, whose
 * statements are coalesced, beside the same one after the other, in turns in one run.
 * <p>
 * Arguments, each optional: agents ({@code 50000}), rounds ({@code 3}).
 */
public final class DirectoryBenchmark {

	private static final int WAITING = 20_000;

	private static final int ONE_BY_ONE = 2000;

	private final int agents;

	private final AgentDirectory directory;

	private final AtomicLong epoch = new AtomicLong();

	private DirectoryBenchmark(int agents, AgentDirectory directory) {
		this.agents = agents;
		this.directory = directory;
	}

	public static void main(List<String> args) {
		int agents = args.isEmpty() ? 50_000 : Integer.parseInt(args.get(0));
		int rounds = (args.size() < 2) ? 3 : Integer.parseInt(args.get(1));
		MariaDbServer server = new MariaDbServer("--innodb-buffer-pool-size=1G");
		try (TestNode node = new TestNode(server.create(), Duration.ofMinutes(2),
				new DirectorySettings(Duration.ofDays(90), 200_000))) {
			TestNode.get(node.register());
			new DirectoryBenchmark(agents, node.agents).run(rounds);
		}
		finally {
			server.stop();
		}
	}

	private void run(int rounds) {
		System.out.println("| round | | coalesced, a second | one by one, a second | ratio |\n|--:|---|--:|--:|--:|");
		Rate.of(this.agents, WAITING, this::claim); // the rows are there, the code is
													// warm
		for (int round = 1; round <= rounds; round++) {
			print(round, "claims", Rate.of(this.agents, WAITING, this::claim), Rate.of(ONE_BY_ONE, 1, this::claim));
			print(round, "lookups", Rate.of(2 * this.agents, WAITING, this::locate),
					Rate.of(ONE_BY_ONE, 1, this::locate));
		}
	}

	private static void print(int round, String what, double coalesced, double oneByOne) {
		System.out.printf(Locale.ROOT, "| %d | %s | %.0f | %.0f | %.1f |%n", round, what, coalesced, oneByOne,
				coalesced / oneByOne);
	}

	private Mono<Boolean> claim(int i) {
		return this.directory.claim(new Claim(agent(i), TestIds.connection(), this.epoch.incrementAndGet(),
				Instant.now(), "192.0.2." + i % 250 + ":" + (1024 + i % 60_000)));
	}

	private Mono<AgentRecord> locate(int i) {
		return this.directory.locate(agent(ThreadLocalRandom.current().nextInt(this.agents)), Duration.ofMinutes(1));
	}

	private static AgentId agent(int i) {
		return new AgentId("tenant-" + i % 20, "agent-" + i);
	}

}
