package dev.switchboard.cluster.simulation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * A model of an agent. It answers calls, and connects again when its connection ends or
 * is silent. It may have several connections; the one that it made last is its newest.
 */
final class AgentModel {

	/** The name of the label that agents give themselves. */
	static final String LABEL = "turn";

	private static final long MILLIS = 1_000_000;

	/** How much earlier a handshake may seem to be taken that was taken later. */
	private static final long CLOCK_ERROR = 150 * MILLIS;

	private static final long SILENCE = 7_500 * MILLIS;

	private static final long LOOK = 1_000 * MILLIS;

	private static final long LONGEST_WORK = 2_500 * MILLIS;

	private static final long HANDSHAKE_LIMIT = 5_000 * MILLIS;

	private final String tenant;

	private final String agent;

	private final Network network;

	private final World world;

	private final List<Machine> machines;

	private final CallLedger ledger;

	private final Violations violations;

	private final SplittableRandom chance;

	private final SplittableRandom labels;

	private final List<AgentLink> links = new ArrayList<>();

	private @Nullable AgentLink newest;

	private boolean connecting;

	private boolean asleep;

	private int made;

	private int machine = 1;

	/**
	 * @param name the tenant and the agent, with a slash between them
	 */
	AgentModel(String name, Network network, List<Machine> machines, CallLedger ledger, Violations violations) {
		this.tenant = name.substring(0, name.indexOf('/'));
		this.agent = name.substring(name.indexOf('/') + 1);
		this.network = network;
		this.world = network.world();
		this.machines = machines;
		this.ledger = ledger;
		this.violations = violations;
		this.chance = this.world.chance("agent " + name);
		this.labels = this.world.chance("labels of " + name);
		watch();
	}

	String name() {
		return this.tenant + "/" + this.agent;
	}

	String tenant() {
		return this.tenant;
	}

	String agent() {
		return this.agent;
	}

	/** Returns the address from which the agent connects. It changes with its machine. */
	InetSocketAddress address() {
		return new InetSocketAddress(InetAddress.ofLiteral("10.1.0." + this.machine), 1024 + this.made);
	}

	boolean isAsleep() {
		return this.asleep;
	}

	/** Draws the time that the agent takes to notice something. */
	long reaction() {
		return World.around(this.chance, 50_000);
	}

	/** Returns the newest connection; null if there is none. */
	@Nullable AgentLink newest() {
		return this.newest;
	}

	/** Returns the connection that was welcomed last, open or not. */
	@Nullable AgentLink newestWelcomed() {
		AgentLink latest = null;
		for (AgentLink link : this.links) {
			if (link.isWelcomed() && !link.isClosed() && (latest == null || link.welcomedAt() > latest.welcomedAt())) {
				latest = link;
			}
		}
		return latest;
	}

	/** Connects to a node, whether or not the agent is connected already. */
	void connect() {
		this.connecting = true;
		Machine machine = this.machines.get(this.chance.nextInt(this.machines.size()));
		this.world.at(this.network.arrival(Network.AGENTS, machine.name()), null, () -> arrive(machine));
	}

	private void arrive(Machine machine) {
		SimulatedNode node = machine.node();
		if (node == null || this.network.isCut(Network.AGENTS, machine.name())
				|| this.network.isCut(machine.name(), Network.AGENTS)) {
			connectLater();
			return;
		}
		this.connecting = false;
		TcpEnd[] ends = this.network.connect(Network.AGENTS, machine.name());
		AgentLink link = new AgentLink(this, node, ++this.made, ends[0], this.world);
		this.links.add(link);
		this.newest = link;
		this.world.note(link + " connects");
		node.accept(ends[1], this, link::taken, (refusal) -> {
			this.world.note(link + " is refused with " + refusal.status());
			ends[1].close();
		});
		this.world.in(HANDSHAKE_LIMIT, null, () -> {
			if (!link.isWelcomed()) {
				link.close("no welcome");
			}
		});
	}

	private void connectLater() {
		this.connecting = true;
		this.world.in(50 * MILLIS + World.around(this.chance, 400 * MILLIS), null, this::connect);
	}

	/** Looks now and then whether the node is silent. */
	private void watch() {
		this.world.in(LOOK, null, () -> {
			AgentLink link = this.newest;
			if (!this.asleep && link != null && this.world.nanoTime() - link.heardAt() > SILENCE) {
				link.close("silence");
			}
			watch();
		});
	}

	void welcomed(AgentLink link) {
		describe(link);
		if (this.labels.nextInt(5) == 0) {
			describe(link);
		}
		if (this.links.size() > 20) {
			this.links.removeIf((each) -> each.isClosed() && each != link);
		}
	}

	/** Gives the agent one of few labels, which it may have already. */
	private void describe(AgentLink link) {
		link.describe("turn-" + this.labels.nextInt(3));
	}

	/** Called when a Close frame has come. */
	void closing(AgentLink link, int status) {
		if (status == AgentLink.SUPERSEDED) {
			boolean newer = this.links.stream()
				.anyMatch((each) -> each != link && each.isTaken() && each.takenAt() > link.takenAt() - CLOCK_ERROR);
			this.violations.unless(newer || this.ledger.areEpochsLost(link), Rule.SUPERSEDED,
					link + " was superseded, and nothing is newer");
		}
	}

	/** Called when a connection has ended. */
	void ended(AgentLink link) {
		if (link == this.newest) {
			this.newest = null;
			if (!this.connecting) {
				connectLater();
			}
		}
	}

	void askedToLeave(AgentLink link, String afterMillis) {
		this.world.note(link + " is asked to leave");
		this.world.in(Long.parseLong(afterMillis) * MILLIS, null, () -> {
			if (link == this.newest && !this.connecting) {
				connect();
			}
		});
	}

	void called(AgentLink link, String id, String call) {
		this.ledger.received(link, id, call);
		if (this.labels.nextInt(10) == 0) {
			describe(link);
		}
		boolean lengthy = this.chance.nextInt(10) == 0;
		long work = Math.min(World.around(this.chance, lengthy ? 1_000 * MILLIS : 2 * MILLIS), LONGEST_WORK);
		this.world.in(work, null, () -> {
			this.ledger.answering(link, id);
			link.send(AgentFrames.text("{\"type\":\"result\",\"id\":\"" + id + "\",\"payload\":{\"n\":\"" + call
					+ "\",\"by\":\"" + name() + "\"}}"));
		});
	}

	void cancelled(String id) {
		this.ledger.cancelled(id);
	}

	/** Makes a further connection, and leaves the present one open. */
	void move() {
		this.ledger.disturbed(name());
		if (!this.connecting) {
			connect();
		}
	}

	void hangUp() {
		this.ledger.disturbed(name());
		if (this.newest != null) {
			this.newest.close("the agent hangs up");
		}
	}

	/** Loses the machine, and connects again from another one. */
	void vanish() {
		this.ledger.disturbed(name());
		if (this.newest != null) {
			this.world.note(this.newest + " vanishes");
			this.machine++;
			this.newest.vanish();
		}
	}

	void sleep() {
		this.ledger.disturbed(name());
		this.asleep = true;
	}

	void wakeUp() {
		this.ledger.disturbed(name());
		this.asleep = false;
		this.links.stream().filter((link) -> !link.isClosed()).forEach(AgentLink::readSoon);
	}

	@Override
	public String toString() {
		return name();
	}

}
