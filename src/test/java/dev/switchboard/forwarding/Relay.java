package dev.switchboard.forwarding;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Passes bytes on between two nodes, or to a database. It can also drop them, like a
 * network that loses packets, or end its connections.
 */
public final class Relay implements AutoCloseable {

	private final ServerSocket listening;

	private volatile int target;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<Thread> copiers = new CopyOnWriteArrayList<>();

	private final AtomicLong passed = new AtomicLong();

	private final AtomicLong received = new AtomicLong();

	private volatile boolean swallowing;

	private volatile CountDownLatch heldRequests = new CountDownLatch(0);

	private volatile CountDownLatch heldAnswers = new CountDownLatch(0);

	/** Makes a relay that passes bytes on to this port of loopback. */
	public Relay(int target) throws IOException {
		this.target = target;
		this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		Thread.ofVirtual().start(this::accept);
	}

	public int port() {
		return this.listening.getLocalPort();
	}

	/**
	 * Passes new connections on to another port, as if a name had a new address. Open
	 * connections stay.
	 */
	public void lead(int target) {
		this.target = target;
	}

	/** Drops all bytes from now on. */
	public void swallow() {
		this.swallowing = true;
	}

	/** Passes all bytes on from now on. */
	public void pass() {
		this.swallowing = false;
	}

	/** Keeps all bytes back from now on. */
	void hold() {
		this.heldRequests = new CountDownLatch(1);
		holdAnswers();
	}

	/** Keeps back the bytes that come from the target from now on. */
	void holdAnswers() {
		this.heldAnswers = new CountDownLatch(1);
	}

	/** Passes on what came from the target. */
	void releaseAnswers() {
		this.heldAnswers.countDown();
	}

	/** How many bytes it has passed on, both ways. */
	long passed() {
		return this.passed.get();
	}

	/** How many bytes it has received, both ways. */
	long received() {
		return this.received.get();
	}

	int connections() {
		return this.sockets.size() / 2;
	}

	/** Ends all connections. */
	public void cut() {
		this.sockets.forEach(Relay::close);
	}

	/**
	 * Ends all connections with a TCP reset, and waits until the resets are sent: Java
	 * closes a socket only after its reader has ended. Bytes that were passed on can
	 * still be read.
	 */
	void reset() throws InterruptedException {
		this.sockets.forEach((socket) -> {
			try {
				socket.setSoLinger(true, 0);
			}
			catch (SocketException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		cut();
		for (Thread copier : this.copiers) {
			copier.join();
		}
	}

	private void accept() {
		try {
			while (true) {
				Socket from = this.listening.accept();
				Socket to = new Socket(InetAddress.getLoopbackAddress(), this.target);
				this.sockets.add(from);
				this.sockets.add(to);
				this.copiers.add(Thread.ofVirtual().start(() -> copy(from, to, () -> this.heldRequests)));
				this.copiers.add(Thread.ofVirtual().start(() -> copy(to, from, () -> this.heldAnswers)));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private void copy(Socket from, Socket to, Supplier<CountDownLatch> held) {
		byte[] buffer = new byte[8192];
		try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
			for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
				this.received.addAndGet(n);
				held.get().await();
				if (!this.swallowing) {
					out.write(buffer, 0, n);
					this.passed.addAndGet(n);
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			// Cut.
		}
		finally {
			close(from);
			close(to);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.listening.close();
		this.heldRequests.countDown();
		this.heldAnswers.countDown();
		cut();
	}

}
