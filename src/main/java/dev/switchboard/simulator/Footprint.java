package dev.switchboard.simulator;

import java.util.Locale;

import dev.switchboard.simulator.agents.AgentOptions;
import dev.switchboard.simulator.agents.AgentStats;
import dev.switchboard.simulator.agents.SimulatedAgents;
import dev.switchboard.simulator.agents.Sockets;
import dev.switchboard.simulator.agents.StopSignal;
import dev.switchboard.simulator.bench.ServerProcess;

/** Measures how a gateway's memory grows with the agents that are connected to it. */
final class Footprint {

	private final AgentOptions options;

	private final Sockets sockets;

	private final ServerProcess server;

	private final StopSignal stop;

	Footprint(AgentOptions options, Sockets sockets, ServerProcess server, StopSignal stop) {
		this.options = options;
		this.sockets = sockets;
		this.server = server;
		this.stop = stop;
	}

	/** The gateway's memory at one moment. */
	private record Reading(long heap, long resident) {
	}

	/**
	 * The growth of the gateway's memory for each connection.
	 *
	 * @param heapBytes the growth of the live heap, in bytes
	 * @param residentBytes the growth of the process's resident memory, in bytes
	 */
	record Slope(double heapBytes, double residentBytes) {

		@Override
		public String toString() {
			return String.format(Locale.ROOT, "heap %.0f, RSS %.0f bytes a connection", this.heapBytes,
					this.residentBytes);
		}

	}

	/**
	 * Reads the memory, connects all agents, reads the memory again, and closes all
	 * connections.
	 * @throws IllegalStateException if not all agents could connect
	 */
	Slope round() {
		Reading before = read();
		AgentStats stats = new AgentStats();
		try (SimulatedAgents agents = new SimulatedAgents(this.options, this.sockets, stats)) {
			if (!agents.awaitConnected(this.stop)) {
				throw new IllegalStateException("not all agents connected: " + stats);
			}
			Reading after = read();
			double count = this.options.agents;
			return new Slope((after.heap() - before.heap()) / count, (after.resident() - before.resident()) / count);
		}
	}

	// Reads the heap first, since this causes a collection. Resident memory is to be read
	// after a collection.
	private Reading read() {
		return new Reading(this.server.liveHeapBytes(), this.server.residentBytes());
	}

}
