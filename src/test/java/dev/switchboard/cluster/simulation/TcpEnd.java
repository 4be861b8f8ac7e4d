package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection in memory. Bytes arrive in order, each segment after a
 * delay of its own. The window is limited, so a peer that does not read is felt by the
 * sender.
 */
final class TcpEnd {

	/** How many bytes may be sent and not read yet. */
	private static final int WINDOW = 128 << 10;

	private final Network network;

	private final String place;

	private final Deque<byte[]> unread = new ArrayDeque<>();

	private final Deque<Segment> flight = new ArrayDeque<>();

	private @Nullable TcpEnd peer;

	private Runnable changed = () -> {
	};

	/** The bytes that this end has sent and that its peer has not read. */
	private int outstanding;

	private boolean inputEnded;

	private boolean reset;

	private boolean closed;

	private boolean gone;

	private long lastArrival;

	private enum Kind {

		DATA, END, RESET

	}

	@SuppressWarnings("ArrayRecordComponent") // Segments are not compared.
	private record Segment(Kind kind, byte[] bytes) {
	}

	private TcpEnd(Network network, String place) {
		this.network = network;
		this.place = place;
	}

	/** Makes both ends of a connection. The first end is at the first place. */
	static TcpEnd[] pair(Network network, String first, String second) {
		TcpEnd one = new TcpEnd(network, first);
		TcpEnd other = new TcpEnd(network, second);
		one.peer = other;
		other.peer = one;
		return new TcpEnd[] { one, other };
	}

	private TcpEnd peer() {
		TcpEnd other = this.peer;
		if (other == null) {
			throw new IllegalStateException("no peer");
		}
		return other;
	}

	String place() {
		return this.place;
	}

	/** Sets what is called when this end may have become readable or writable. */
	void onChange(Runnable task) {
		this.changed = task;
	}

	boolean isReadable() {
		return !this.unread.isEmpty() || this.inputEnded || this.reset;
	}

	/** How many bytes this end takes at the moment. */
	int room() {
		return this.reset ? 1 : WINDOW - this.outstanding;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Reads what has come, at most a number of bytes.
	 * @return the bytes; empty if nothing has come; null at the end of the input
	 * @throws IOException if the peer has reset the connection
	 */
	byte @Nullable [] read(int most) throws IOException {
		if (this.reset) {
			throw new IOException("Connection reset by peer");
		}
		byte[] first = this.unread.poll();
		if (first == null) {
			return this.inputEnded ? null : new byte[0];
		}
		byte[] taken = first;
		if (first.length > most) {
			taken = Arrays.copyOf(first, most);
			this.unread.addFirst(Arrays.copyOfRange(first, most, first.length));
		}
		TcpEnd sender = peer();
		boolean full = sender.room() <= 0;
		sender.outstanding -= taken.length;
		if (full) {
			this.network.later(sender.changed);
		}
		return taken;
	}

	/**
	 * Sends bytes.
	 * @return how many of them this end has taken
	 * @throws IOException if the connection was reset
	 */
	int send(byte[] bytes, int from, int count) throws IOException {
		if (this.reset) {
			throw new IOException("Broken pipe");
		}
		int taken = Math.min(count, room());
		int sent = 0;
		while (sent < taken) {
			int length = this.network.segment(taken - sent);
			transmit(Kind.DATA, Arrays.copyOfRange(bytes, from + sent, from + sent + length));
			sent += length;
		}
		this.outstanding += taken;
		return taken;
	}

	private void transmit(Kind kind, byte[] bytes) {
		if (!this.closed) {
			this.flight.add(new Segment(kind, bytes));
			this.lastArrival = Math.max(this.lastArrival, this.network.arrival(this.place, peer().place));
			this.network.at(this.lastArrival, this::arrive);
		}
	}

	/** Delivers the next segment to the peer, or tries again later if the way is cut. */
	private void arrive() {
		TcpEnd to = peer();
		if (this.network.isCut(this.place, to.place)) {
			this.network.retransmit(this::arrive);
			return;
		}
		Segment next = this.flight.poll();
		if (next == null || to.gone || this.gone) {
			return;
		}
		if (to.closed) {
			if (next.kind() == Kind.DATA) {
				failed();
			}
			return;
		}
		to.take(next);
	}

	private void take(Segment segment) {
		switch (segment.kind()) {
			case DATA -> this.unread.add(segment.bytes());
			case END -> this.inputEnded = true;
			case RESET -> failed();
		}
		this.changed.run();
	}

	private void failed() {
		this.reset = true;
		this.unread.clear();
		this.changed.run();
	}

	/** Closes the end. What was sent before still arrives. */
	void close() {
		transmit(this.unread.isEmpty() ? Kind.END : Kind.RESET, new byte[0]);
		this.closed = true;
		this.network.closed(this);
	}

	/** Closes the end as the kernel does for a process that was killed. */
	void abort() {
		this.flight.clear();
		transmit(Kind.RESET, new byte[0]);
		this.closed = true;
	}

	/** Makes the end silent for ever, as if its machine had lost its power. */
	void vanish() {
		this.gone = true;
		this.closed = true;
	}

}
