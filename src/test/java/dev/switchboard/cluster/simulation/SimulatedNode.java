package dev.switchboard.cluster.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

import dev.switchboard.call.CallService;
import dev.switchboard.call.Recorder;
import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.handshake.HandshakeOpener;
import dev.switchboard.node.RegistrationListener;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;

import org.springframework.http.client.ReactorResourceFactory;

/**
 * One run of a gateway, made of the product's own rooms. {@link NodeWiring} wires them by
 * their own configurations.
 */
final class SimulatedNode {

	private static final long HANDSHAKE = 100_000;

	private static final long LOOK = 50_000_000;

	private static final long NOTICED = 3_000_000_000L;

	private static final int POOL = 8;

	private final Machine machine;

	private final NodeRun run;

	private final World world;

	private final SplittableRandom chance;

	private final SimulatedLoops loops;

	private final Consumer<SimulatedNode> registeredAnew;

	private final NodeParts parts;

	private final List<Runnable> deaths = new ArrayList<>();

	private int channels;

	private int callers;

	private boolean stopping;

	private boolean stopped;

	/**
	 * Makes a node that does nothing yet.
	 * @param loops how many event loops it has
	 * @param number how often its machine has started a node
	 * @param registeredAnew is called when the node was given up and has registered again
	 */
	SimulatedNode(Machine machine, NodeRun run, int loops, int number, SimulatedDatabase database,
			Map<String, String> settings, Consumer<SimulatedNode> registeredAnew) {
		this.machine = machine;
		this.run = run;
		this.world = machine.network().world();
		this.registeredAnew = registeredAnew;
		this.chance = this.world.chance("loops of " + run.name() + "." + number);
		this.loops = new SimulatedLoops(this,
				Stream.generate(() -> new SimulatedLoop(this.world, this, this.chance)).limit(loops).toList());
		onEnd(() -> database.ended(run));
		this.parts = new NodeParts(this.world, settings, simulated(number, database));
	}

	/** Returns the simulated parts of the node by the names of their beans. */
	private Map<String, Object> simulated(int number, SimulatedDatabase database) {
		Chance ids = Chance.seeded(this.world.chance("ids of " + this.run.name() + "." + number).nextLong());
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResources(this.loops);
		return Map.of("chance", ids, "resources", resources, "connectionFactory",
				DatabaseConnections.pool(database.from(this.run), POOL, this.world, ids), "registrationWatch",
				(RegistrationListener) () -> this.registeredAnew.accept(this));
	}

	/** Starts the node. */
	void start() {
		this.world.as(this.run, this.parts::start);
	}

	/** Drains the node and stops it, as SIGTERM does. */
	void stop(Runnable end) {
		this.stopping = true;
		long latest = this.world.nanoTime() + this.parts.drainSettings().within().toNanos();
		this.world.as(this.run,
				() -> this.parts.drain().startBeforeEnd().subscribe(null, null, () -> stopParts(latest, end)));
	}

	/** Stops the parts once no caller waits, which the drain does for real callers. */
	private void stopParts(long latest, Runnable end) {
		if (this.callers > 0 && this.world.nanoTime() < latest) {
			this.world.in(LOOK, this.run, () -> stopParts(latest, end));
			return;
		}
		this.parts.stop(() -> this.world.in(0, null, () -> {
			this.stopped = true;
			end.run();
		}));
	}

	/** Counts a caller that waits here. */
	void callerCame() {
		this.callers++;
	}

	void callerLeft() {
		this.callers--;
	}

	/**
	 * Whether load balancers may send requests here. They notice only after a while that
	 * the node is paused.
	 */
	boolean isReady() {
		return this.parts.isReady() && !this.run.isPausedSince(this.world.nanoTime() - NOTICED);
	}

	/** Returns what a gauge of the node shows. */
	double gauge(String name) {
		return this.parts.gauge(name);
	}

	/** Whether the node has ended in good order, after SIGTERM. */
	boolean hasStopped() {
		return this.stopped;
	}

	/** Whether the node has ended without SIGTERM. */
	boolean wasKilled() {
		return !this.run.isAlive() && !this.stopped;
	}

	/** Whether the node had ended without SIGTERM at this time. */
	boolean wasKilledBy(long time) {
		return wasKilled() && this.run.endedAt() <= time;
	}

	boolean isStopping() {
		return this.stopping;
	}

	CallService calls() {
		return this.parts.calls();
	}

	Recorder recorder() {
		return this.parts.recorder();
	}

	/** Whether the agent has a connection here. */
	boolean holds(AgentModel agent) {
		return this.parts.connections().find(new AgentId(agent.tenant(), agent.agent())) != null;
	}

	NodeRun run() {
		return this.run;
	}

	World world() {
		return this.world;
	}

	SimulatedLoops loops() {
		return this.loops;
	}

	SplittableRandom chance() {
		return this.chance;
	}

	ChannelNumber nextChannel() {
		return new ChannelNumber(this.channels++);
	}

	/** Runs a task in a turn of one of the node's event loops. */
	void onLoop(Consumer<SimulatedLoop> task) {
		SimulatedLoop loop = this.loops.next();
		this.world.at(this.world.nanoTime(), this.run, () -> loop.execute(() -> task.accept(loop)));
	}

	/** Handles the handshake of an agent whose connection has just been made. */
	void accept(TcpEnd end, AgentModel agent, Runnable taken, Consumer<HandshakeOpener.Refusal> refused) {
		onLoop((loop) -> this.parts.handshakes()
			.connect(new HandshakeOpener.Arrival(new MemorySocket(end), loop, agent.address(), agent.tenant(),
					agent.agent(), taken, refused)));
	}

	/** Returns the number of open sessions with agents, closing ones included. */
	int sessions() {
		return this.parts.handshakes().openSessions();
	}

	/** Calls a task when this run of the node ends. */
	void onEnd(Runnable task) {
		this.deaths.add(task);
	}

	void ended() {
		List.copyOf(this.deaths).forEach(Runnable::run);
		this.deaths.clear();
		this.loops.release();
	}

	void listens(@Nullable MemoryServerChannel channel) {
		if (this.run.isAlive()) {
			this.machine.listens(channel);
		}
	}

	/**
	 * Connects to another node.
	 * @param made gets the end of the new connection on the event loop; null if nothing
	 * listens there. It gets nothing if the way there or back is cut
	 */
	void dial(SimulatedLoop loop, String host, Consumer<@Nullable TcpEnd> made) {
		Network network = this.machine.network();
		Machine there = network.machine(host);
		String to = (there != null) ? there.name() : host;
		network.at(network.arrival(this.machine.name(), to), () -> {
			if (network.isCut(this.machine.name(), to) || network.isCut(to, this.machine.name())) {
				return;
			}
			MemoryServerChannel port = (there != null) ? there.port() : null;
			TcpEnd end = null;
			if (port != null) {
				TcpEnd[] ends = network.connect(this.machine.name(), to);
				end = ends[0];
				port.accept(ends[1]);
			}
			@Nullable TcpEnd mine = end;
			this.world.in(HANDSHAKE, this.run, () -> loop.execute(() -> made.accept(mine)));
		});
	}

	@Override
	public String toString() {
		return this.run.name();
	}

}
