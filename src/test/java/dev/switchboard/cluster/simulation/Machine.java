package dev.switchboard.cluster.simulation;

import org.jspecify.annotations.Nullable;

/** A machine of the cluster. It runs at most one node at a time. */
final class Machine {

	private final String name;

	private final String host;

	private final Network network;

	private final NodeMaker maker;

	private @Nullable SimulatedNode node;

	private @Nullable MemoryServerChannel port;

	private int runs;

	private boolean wrongSecret;

	/** Makes a node for a new run of a machine. */
	interface NodeMaker {

		SimulatedNode make(Machine machine, NodeRun run, int number);

	}

	/**
	 * @param number the number of the machine, from 1
	 */
	Machine(int number, Network network, NodeMaker maker) {
		this.name = "n" + number;
		this.host = "10.0.0." + number;
		this.network = network;
		this.maker = maker;
		network.add(this);
	}

	String name() {
		return this.name;
	}

	String host() {
		return this.host;
	}

	Network network() {
		return this.network;
	}

	/** Returns the node that runs here; null if none does. */
	@Nullable SimulatedNode node() {
		return this.node;
	}

	/** Returns the node that runs here and is not paused; null if there is none. */
	@Nullable SimulatedNode awake() {
		SimulatedNode running = this.node;
		return (running != null && !running.run().isPaused()) ? running : null;
	}

	void listens(@Nullable MemoryServerChannel channel) {
		this.port = channel;
	}

	/** Returns the port for other nodes; null while it is closed. */
	@Nullable MemoryServerChannel port() {
		return this.port;
	}

	/**
	 * Kills the node, and starts another one.
	 * @param wrong whether the new node has a secret that only it has
	 */
	void restartWithSecret(boolean wrong) {
		kill();
		this.wrongSecret = wrong;
		start();
	}

	boolean hasWrongSecret() {
		return this.wrongSecret;
	}

	void start() {
		if (this.node == null) {
			SimulatedNode started = this.maker.make(this, new NodeRun(this.name, this.network.world().nanoTime()),
					++this.runs);
			this.node = started;
			this.network.world().note(this.name + " starts");
			started.start();
		}
	}

	/** Ends the node's process as kill -9 does. */
	void kill() {
		if (end("is killed")) {
			this.network.reset(this.name);
		}
	}

	/** Ends the node as a machine does that loses its power. */
	void lose() {
		if (end("is lost")) {
			this.network.silence(this.name);
		}
	}

	/** Stops the node as SIGTERM does. */
	void stop() {
		SimulatedNode running = awake();
		if (running != null && !running.isStopping()) {
			this.network.world().note(this.name + " gets SIGTERM");
			running.stop(() -> {
				if (this.node == running && end("has stopped")) {
					this.network.reset(this.name);
				}
			});
		}
	}

	private boolean end(String how) {
		SimulatedNode running = this.node;
		if (running == null) {
			return false;
		}
		this.network.world().note(this.name + " " + how);
		running.run().end(this.network.world());
		running.ended();
		this.node = null;
		this.port = null;
		return true;
	}

	/** Gives the memory of the node's event loops back. The life has ended. */
	void release() {
		if (this.node != null) {
			this.node.loops().release();
		}
	}

	void pause() {
		SimulatedNode running = awake();
		if (running != null) {
			this.network.world().note(this.name + " pauses");
			running.run().pause(this.network.world());
		}
	}

	void resume() {
		SimulatedNode running = this.node;
		if (running != null && running.run().isPaused()) {
			this.network.world().note(this.name + " goes on");
			running.run().resume(this.network.world());
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
