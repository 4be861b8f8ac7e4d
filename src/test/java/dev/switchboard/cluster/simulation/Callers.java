package dev.switchboard.cluster.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import dev.switchboard.call.CallOutcome;
import dev.switchboard.call.CallRequest;
import dev.switchboard.connection.ChunkReceiver;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.routing.Call;
import dev.switchboard.time.Chance;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * A model of the callers. They call through the nodes' own services, as the controller of
 * the API does, and load balancers send them only to nodes that are ready.
 */
final class Callers {

	private static final Duration WAIT = Duration.ofSeconds(4);

	private static final Duration CONNECT_WAIT = Duration.ofSeconds(2);

	/** How much longer than its wait a call may take. */
	private static final Duration GRACE = Duration.ofMillis(500);

	/** How much longer a call may take that is recorded. */
	private static final Duration RECORDING = Duration.ofMillis(700);

	/** How long after a call with a key a second one usually comes, in nanoseconds. */
	private static final long SECOND_CALL = 20_000_000;

	/**
	 * How much longer a second caller may wait, since it learns from another node or from
	 * the database how the call ended.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final World world;

	private final List<Machine> machines;

	private final List<AgentModel> agents;

	private final CallLedger ledger;

	private final SplittableRandom chance;

	private final SplittableRandom seconds;

	private final Chance ids;

	private final long between;

	private long busyUntil;

	private long until;

	private int made;

	/**
	 * @param perSecond how many calls are made in a second
	 */
	Callers(World world, List<Machine> machines, List<AgentModel> agents, CallLedger ledger, int perSecond) {
		this.world = world;
		this.machines = machines;
		this.agents = agents;
		this.ledger = ledger;
		this.chance = world.chance("callers");
		this.seconds = world.chance("second callers");
		this.ids = Chance.seeded(this.chance.nextLong());
		this.between = 1_000_000_000L / perSecond;
	}

	/**
	 * Makes calls until a time.
	 * @param busy until when there are many; from then on, there are a third
	 */
	void callUntil(long busy, long time) {
		this.busyUntil = busy;
		this.until = time;
		next();
	}

	private void next() {
		long mean = (this.world.nanoTime() < this.busyUntil) ? this.between : 3 * this.between;
		this.world.in(World.around(this.chance, mean), null, () -> {
			if (this.world.nanoTime() < this.until) {
				callSomeone();
				next();
			}
		});
	}

	private void callSomeone() {
		Machine machine = this.machines.get(this.chance.nextInt(this.machines.size()));
		AgentModel agent = this.agents.get(this.chance.nextInt(this.agents.size()));
		boolean keyed = this.chance.nextInt(4) == 0;
		boolean patient = this.chance.nextInt(6) == 0;
		long leaves = (this.chance.nextInt(8) == 0) ? World.around(this.chance, 5_000_000) : -1;
		String name = "c" + this.made++;
		SimulatedNode node = machine.node();
		if (node != null && node.isReady()) {
			CallRecord call = call(node, agent, name, keyed ? "k" + name : null, patient ? CONNECT_WAIT : Duration.ZERO,
					leaves);
			if (keyed && this.seconds.nextInt(3) == 0) {
				callSoonAgain(call, agent);
			}
		}
	}

	/** Makes a second call with the key of a call that may still run. */
	private void callSoonAgain(CallRecord call, AgentModel agent) {
		Machine machine = this.machines.get(this.seconds.nextInt(this.machines.size()));
		this.world.in(World.around(this.seconds, SECOND_CALL), null, () -> {
			SimulatedNode node = machine.node();
			if (node != null && node.isReady()) {
				CallRecord second = call.second(node, this.world.nanoTime(),
						limit(call.key(), Duration.ZERO) + PATIENCE.toNanos());
				this.ledger.begin(second);
				begin(second, request(agent, call.name(), call.key(), Duration.ZERO), -1);
			}
		});
	}

	/** Calls an agent by a node, without a key. */
	CallRecord call(SimulatedNode node, AgentModel agent, String name) {
		return call(node, agent, name, null, Duration.ZERO, -1);
	}

	private CallRecord call(SimulatedNode node, AgentModel agent, String name, @Nullable String key,
			Duration connectWait, long leaves) {
		CallRecord call = new CallRecord(name, agent.name(), node, key, this.world.nanoTime(), limit(key, connectWait));
		this.ledger.begin(call);
		begin(call, request(agent, name, key, connectWait), leaves);
		return call;
	}

	private long limit(@Nullable String key, Duration connectWait) {
		return this.world.nanoTime() + WAIT.plus(connectWait).plus(GRACE).toNanos()
				+ ((key != null) ? RECORDING.toNanos() : 0);
	}

	/** Makes a call with a key again, which has ended. */
	void callAgain(CallRecord call, SimulatedNode node) {
		call.again(node, this.world.nanoTime(), limit(call.key(), Duration.ZERO));
		AgentModel agent = this.agents.stream()
			.filter((each) -> each.name().equals(call.agent()))
			.findFirst()
			.orElseThrow();
		begin(call, request(agent, call.name(), call.key(), Duration.ZERO), -1);
	}

	private void begin(CallRecord call, CallRequest request, long leaves) {
		SimulatedNode node = call.node();
		this.ledger.named(call, request.id().toString());
		this.world.note(call + " begins" + ((call.key() != null) ? " with a key" : ""));
		node.callerCame();
		node.onEnd(() -> this.ledger.nodeEnded(call));
		node.onLoop((_) -> {
			Disposable waiting = outcome(node, request).doFinally((_) -> node.callerLeft())
				.subscribe((outcome) -> this.ledger.ended(call, outcome.outcome(), text(outcome)));
			if (leaves >= 0) {
				this.world.in(leaves, node.run(), () -> leave(call, waiting));
			}
		});
	}

	private void leave(CallRecord call, Disposable waiting) {
		if (call.isWaiting()) {
			this.world.note("the caller of " + call + " leaves");
			call.leave(this.world.nanoTime());
			waiting.dispose();
		}
	}

	private CallRequest request(AgentModel agent, String name, @Nullable String key, Duration connectWait) {
		Payload payload = Payload.of(("{\"n\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8));
		Frame.Call frame = new Frame.Call(new CallId(this.ids.uuid()), "echo", WAIT.toMillis(), null, payload);
		return new CallRequest(new Call(new AgentId(agent.tenant(), agent.agent()), frame, ChunkReceiver.DROP),
				"caller", payload, new CallRequest.Options(false, WAIT, WAIT, connectWait, key));
	}

	private static Mono<CallOutcome> outcome(SimulatedNode node, CallRequest request) {
		CallId id = request.id();
		Mono<CallOutcome> outcome = request.options().isRecorded()
				? node.recorder().start(request).flatMap((call) -> call.outcome())
				: node.calls().call(request).map((answer) -> CallOutcome.of(id, answer));
		return outcome.onErrorResume(ProblemException.class, (problem) -> Mono.just(CallOutcome.of(id, problem)));
	}

	private static String text(CallOutcome outcome) {
		return new String(outcome.answer().toBytes(), StandardCharsets.UTF_8);
	}

}
