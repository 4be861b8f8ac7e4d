package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A MySQL 8 on a copy of data that was installed once for all tests of this checkout. The
 * Maven profile {@code mysql} unpacks the server into {@code target/mysql/base}.
 */
final class MySqlProcess implements ServerProcess {

	private static final Duration LIMIT = Duration.ofMinutes(3);

	private static final Path INSTALLED = Path.of("target", "mysql").toAbsolutePath();

	private final Path directory;

	private final int port;

	private final List<String> options;

	private @Nullable Process process;

	/** Prepares a server below a directory. Does not start the server. */
	MySqlProcess(Path directory, int port, List<String> options) throws IOException {
		this.directory = directory;
		this.port = port;
		this.options = options;
		installOnce();
		FileSystemUtils.copyRecursively(INSTALLED.resolve("data"), directory.resolve("data"));
	}

	// Test JVMs run side by side. The first one installs the server, the others wait.
	private static synchronized void installOnce() throws IOException {
		try (FileChannel lock = FileChannel.open(INSTALLED.resolve("lock"), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE); var _ = lock.lock()) {
			if (!Files.exists(INSTALLED.resolve("data"))) {
				Path copying = INSTALLED.resolve("copying");
				FileSystemUtils.deleteRecursively(copying);
				Process installing = run(INSTALLED.resolve("install.log"), copying, List.of("--initialize-insecure"));
				assertThat(installing.onExit().join().exitValue()).as("see target/mysql/install.log").isZero();
				Files.move(copying, INSTALLED.resolve("data"));
			}
		}
	}

	private static Process run(Path log, Path data, List<String> options) throws IOException {
		List<String> command = new ArrayList<>(List.of(INSTALLED.resolve("base/bin/mysqld").toString(), "--no-defaults",
				"--user=root", "--datadir=" + data));
		command.addAll(options);
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
	}

	@Override
	public void start() {
		Path log = this.directory.resolve("log");
		List<String> own = List.of("--port=" + this.port, "--bind-address=127.0.0.1", "--max-connections=1000",
				"--socket=" + this.directory.resolve("socket"), "--mysqlx=OFF", "--skip-log-bin");
		try {
			this.process = run(log, this.directory.resolve("data"),
					Stream.concat(own.stream(), this.options.stream()).toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Awaitility.await().atMost(LIMIT).until(() -> Files.readString(log).contains("ready for connections. Version"));
	}

	@Override
	public void stop() {
		Process running = this.process;
		if (running != null) {
			running.destroy();
			try {
				assertThat(running.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}
	}

}
