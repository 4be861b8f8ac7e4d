package dev.switchboard.cluster.simulation;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/** One connection of an agent, seen from the agent. */
final class AgentLink {

	static final int SUPERSEDED = 4501;

	private static final int READ = 64 << 10;

	private static final long NEVER = Long.MIN_VALUE;

	private final AgentModel agent;

	private final SimulatedNode node;

	private final int number;

	private final TcpEnd end;

	private final World world;

	private final AgentFrames frames = new AgentFrames();

	private final long openedAt;

	private long takenAt = NEVER;

	private long welcomedAt = NEVER;

	private long heardAt;

	private @Nullable String label;

	private boolean closed;

	private boolean due;

	/**
	 * @param node the node to which the connection leads
	 * @param number how many connections the agent has made
	 */
	AgentLink(AgentModel agent, SimulatedNode node, int number, TcpEnd end, World world) {
		this.agent = agent;
		this.node = node;
		this.number = number;
		this.end = end;
		this.world = world;
		this.openedAt = world.nanoTime();
		this.heardAt = this.openedAt;
		end.onChange(this::readSoon);
	}

	AgentModel agent() {
		return this.agent;
	}

	/** Returns the node to which the connection leads. */
	SimulatedNode node() {
		return this.node;
	}

	long openedAt() {
		return this.openedAt;
	}

	/** Takes note that the node has taken the handshake. */
	void taken() {
		this.takenAt = this.world.nanoTime();
	}

	boolean isTaken() {
		return this.takenAt != NEVER;
	}

	long takenAt() {
		return this.takenAt;
	}

	boolean isWelcomed() {
		return this.welcomedAt != NEVER;
	}

	long welcomedAt() {
		return this.welcomedAt;
	}

	/** Sends the agent's description of itself. */
	void describe(String label) {
		this.label = label;
		send(AgentFrames.text("{\"type\":\"hello\",\"labels\":{\"" + AgentModel.LABEL + "\":\"" + label + "\"}}"));
	}

	/** Returns the value of the label that was sent last; null if none was. */
	@Nullable String label() {
		return this.label;
	}

	/** Returns when the node was last heard. */
	long heardAt() {
		return this.heardAt;
	}

	boolean isClosed() {
		return this.closed;
	}

	/** Reads what has come, unless the agent sleeps. */
	void readSoon() {
		if (!this.due) {
			this.due = true;
			this.world.in(this.agent.reaction(), null, () -> {
				this.due = false;
				read();
			});
		}
	}

	private void read() {
		try {
			while (!this.closed && !this.agent.isAsleep() && this.end.isReadable()) {
				byte[] bytes = this.end.read(READ);
				if (bytes == null) {
					close("the node has closed it");
					return;
				}
				this.heardAt = this.world.nanoTime();
				this.frames.add(bytes);
				handleAll();
			}
		}
		catch (IOException ex) {
			close(String.valueOf(ex.getMessage()));
		}
	}

	private void handleAll() {
		for (AgentFrames.@Nullable Frame next = this.frames.next(); next != null
				&& !this.closed; next = this.frames.next()) {
			switch (next.opcode()) {
				case AgentFrames.PING -> send(AgentFrames.write(AgentFrames.PONG, next.payload()));
				case AgentFrames.CLOSE -> {
					this.world.note(this + " is closed with " + next.status());
					this.agent.closing(this, next.status());
					send(AgentFrames.write(AgentFrames.CLOSE, next.payload()));
					close("status " + next.status());
				}
				case AgentFrames.TEXT -> handle(next.text());
				default -> {
				}
			}
		}
	}

	private void handle(String text) {
		switch (AgentFrames.member(text, "type")) {
			case "welcome" -> {
				this.welcomedAt = this.world.nanoTime();
				this.world.note(this + " is welcome, epoch " + AgentFrames.member(text, "epoch"));
				this.agent.welcomed(this);
			}
			case "call" -> this.agent.called(this, AgentFrames.member(text, "id"), AgentFrames.member(text, "n"));
			case "cancel" -> this.agent.cancelled(AgentFrames.member(text, "id"));
			case "goaway" -> this.agent.askedToLeave(this, AgentFrames.member(text, "reconnectAfterMillis"));
			default -> {
			}
		}
	}

	/** Sends bytes, unless the connection has ended. */
	void send(byte[] bytes) {
		if (!this.closed) {
			try {
				this.end.send(bytes, 0, bytes.length);
			}
			catch (IOException ex) {
				close(String.valueOf(ex.getMessage()));
			}
		}
	}

	/** Closes the connection. */
	void close(String why) {
		if (!this.closed) {
			this.closed = true;
			this.world.note(this + " ends: " + why);
			this.end.onChange(() -> {
			});
			this.end.close();
			this.agent.ended(this);
		}
	}

	/** Ends the connection without a word to the node. */
	void vanish() {
		this.closed = true;
		this.end.onChange(() -> {
		});
		this.end.vanish();
		this.agent.ended(this);
	}

	@Override
	public String toString() {
		return this.agent.name() + "#" + this.number + "@" + this.node;
	}

}
