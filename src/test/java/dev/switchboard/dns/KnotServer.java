package dev.switchboard.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import dev.switchboard.FreePorts;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/** Debian's Knot DNS with the zone example.com, and Debian's kdig as its client. */
final class KnotServer implements AutoCloseable {

	static final String SECRET = "JTbGJiqcd3habjGcLbJEHGBt1KQlZfZasBvteM1IlnU=";

	private final int port = FreePorts.next();

	private final Path directory;

	private @Nullable Process process;

	KnotServer() {
		try {
			this.directory = Files.createTempDirectory("knot");
			Files.writeString(this.directory.resolve("knot.conf"), """
					server:
					    rundir: %1$s
					    listen: 127.0.0.1@%2$d
					database:
					    storage: %1$s
					key:
					  - id: switchboard
					    algorithm: hmac-sha256
					    secret: %3$s
					acl:
					  - id: update
					    key: switchboard
					    action: update
					zone:
					  - domain: example.com
					    storage: %1$s
					    file: zone
					    acl: update
					""".formatted(this.directory, this.port, SECRET));
			Files.writeString(this.directory.resolve("zone"), """
					example.com. 60 SOA ns.example.com. hostmaster.example.com. 1 3600 600 86400 1
					example.com. 60 NS ns.example.com.
					ns.example.com. 60 A 127.0.0.1
					""");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start();
	}

	/** The settings of a node that uses this server. */
	String[] options() {
		return new String[] { "switchboard.dns.pool=agents.example.com", "switchboard.dns.interval=1s",
				"switchboard.dns.rfc2136.server=127.0.0.1", "switchboard.dns.rfc2136.port=" + this.port,
				"switchboard.dns.rfc2136.zone=example.com", "switchboard.dns.rfc2136.key-name=switchboard",
				"switchboard.dns.rfc2136.key-secret=" + SECRET };
	}

	/** Starts the server on the data that it had, and waits until it answers. */
	void start() {
		try {
			this.process = new ProcessBuilder("knotd", "-c", this.directory.resolve("knot.conf").toString())
				.redirectErrorStream(true)
				.redirectOutput(this.directory.resolve("log").toFile())
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !resolve("ns.example.com", "A").isEmpty());
	}

	/** Ends the server; its port refuses. */
	void stop() {
		Process running = this.process;
		if (running != null) {
			running.destroy();
			running.onExit().join();
			this.process = null;
		}
	}

	/** What a client of DNS finds under a name. */
	Set<String> resolve(String name, String type) {
		try {
			Process dig = new ProcessBuilder("kdig", "+short", "+tcp", "+retry=0", "+time=2", "@127.0.0.1", "-p",
					Integer.toString(this.port), name, type)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			String answer = new String(dig.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Set<String> lines = new TreeSet<>(answer.lines().filter((line) -> !line.startsWith(";")).toList());
			lines.remove("");
			return lines;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		stop();
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
