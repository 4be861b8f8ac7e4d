package dev.switchboard.simulator.bench;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.GatewayProcess;
import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;

/**
 * Messages to all agents of a tenant: fleet pushes of the built jar, beside what
 * nats-server publishes to as many WebSocket subscribers. Both take turns in one run, from
 * one process, one message at a time and several at a time. A fleet push accounts for
 * each agent, and a publish does not. Durable fleet pushes, which are stored and
 * acknowledged, come last, without a peer.
 * <p>
 * Needs Debian's nats-server. Arguments, each optional: agents ({@code 2000}), rounds
 * ({@code 5}), messages a round ({@code 50}), bytes of a message ({@code 64}), messages
 * at a time ({@code 8}).
 */
public final class FanoutBenchmark {

	private final int agents;

	private final int messages;

	private final int window;

	private final String payload;

	private final StopSignal stop = new StopSignal();

	private FanoutBenchmark(int agents, int messages, int bytes, int window) {
		this.agents = agents;
		this.messages = messages;
		this.window = window;
		this.payload = new Payloads(bytes).of(0);
	}

	public static void main(List<String> args) throws Exception {
		FanoutBenchmark benchmark = new FanoutBenchmark(argument(args, 0, 2000), argument(args, 2, 50),
				argument(args, 3, 64), argument(args, 4, 8));
		benchmark.run(argument(args, 1, 5));
	}

	private static int argument(List<String> args, int index, int otherwise) {
		return (args.size() > index) ? Integer.parseInt(args.get(index)) : otherwise;
	}

	private void run(int rounds) throws Exception {
		AgentStats stats = new AgentStats();
		try (GatewayProcess gateway = GatewayProcess.start("switchboard.agent.handshake-rate=100000");
				NatsServer nats = new NatsServer();
				Sockets sockets = new Sockets(1);
				SimulatedAgents all = new SimulatedAgents(options(gateway), sockets, stats);
				NatsFanout subscribers = new NatsFanout(nats, this.agents, sockets, this.stop);
				FleetPusher pusher = new FleetPusher(gateway.api("/v1/tenants/demo/fleet-pushes"), this.agents,
						stats)) {
			if (!all.awaitConnected(this.stop)) {
				throw new IllegalStateException("not all agents connected: " + stats);
			}
			Ways ways = new Ways(gateway.pid(), pusher, nats.pid(), subscribers);
			FanoutTable table = new FanoutTable();
			for (int round = -1; round < rounds; round++) {
				List<FanoutRun> runs = ways.round();
				runs.forEach((run) -> System.out.println(run));
				if (round >= 0) { // The first one warms up.
					table.add(runs);
				}
			}
			System.out.printf("%n%d agents, %d messages a round%n%n%s%n%s%n", this.agents, this.messages, table, stats);
		}
	}

	private AgentOptions options(GatewayProcess gateway) {
		AgentOptions options = new AgentOptions();
		options.agents = this.agents;
		options.urls = List.of(URI.create("ws://" + gateway.agent("").getAuthority()));
		return options;
	}

	/** Brings messages to all agents. */
	@FunctionalInterface
	private interface Work {

		void run() throws Exception;

	}

	/** The ways to bring messages to all agents; each one is followed by its peer. */
	private final class Ways {

		private final long gateway;

		private final FleetPusher pusher;

		private final long nats;

		private final NatsFanout subscribers;

		private Ways(long gateway, FleetPusher pusher, long nats, NatsFanout subscribers) {
			this.gateway = gateway;
			this.pusher = pusher;
			this.nats = nats;
			this.subscribers = subscribers;
		}

		private List<FanoutRun> round() throws Exception {
			List<FanoutRun> runs = new ArrayList<>();
			for (int atATime : new int[] { 1, FanoutBenchmark.this.window }) {
				runs.add(measure("fleet pushes, " + atATime + " at a time", this.gateway,
						() -> push(atATime, false)));
				runs.add(measure("NATS publish, " + atATime + " at a time", this.nats,
						() -> this.subscribers.publish(FanoutBenchmark.this.messages, atATime,
								FanoutBenchmark.this.payload, FanoutBenchmark.this.stop)));
			}
			runs.add(measure("durable fleet pushes, 1 at a time", this.gateway, () -> push(1, true)));
			return runs;
		}

		private void push(int atATime, boolean durable) throws InterruptedException {
			this.pusher.push(FanoutBenchmark.this.messages, atATime, FanoutBenchmark.this.payload, durable,
					FanoutBenchmark.this.stop);
		}

		private FanoutRun measure(String name, long server, Work work) throws Exception {
			Meter meter = new Meter(server);
			work.run();
			return new FanoutRun(name, (long) FanoutBenchmark.this.messages * FanoutBenchmark.this.agents,
					meter.spent());
		}

	}

}
