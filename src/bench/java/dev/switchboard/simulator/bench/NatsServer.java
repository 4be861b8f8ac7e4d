package dev.switchboard.simulator.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.switchboard.FreePorts;
import dev.switchboard.simulator.agents.StopSignal;

/** Debian's nats-server as a process of its own, with a WebSocket port on loopback. */
final class NatsServer implements AutoCloseable {

	private final int port = FreePorts.next();

	private final Process process;

	NatsServer() throws IOException {
		Path config = Files.createTempFile("switchboard-nats", ".conf");
		Files.writeString(config, "listen: \"127.0.0.1:%d\"%nwebsocket { listen: \"127.0.0.1:%d\", no_tls: true }%n"
			.formatted(FreePorts.next(), this.port));
		config.toFile().deleteOnExit();
		this.process = new ProcessBuilder("nats-server", "--config", config.toString())
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		awaitPort();
	}

	private void awaitPort() {
		StopSignal patience = new StopSignal();
		patience.stopAfter(30, TimeUnit.SECONDS);
		while (!listens()) {
			if (!this.process.isAlive() || patience.await(50, TimeUnit.MILLISECONDS)) {
				close();
				throw new IllegalStateException("nats-server does not listen");
			}
		}
	}

	private boolean listens() {
		try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	String url() {
		return "ws://127.0.0.1:" + this.port;
	}

	long pid() {
		return this.process.pid();
	}

	@Override
	public void close() {
		this.process.destroy();
	}

}
