package dev.switchboard.console;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page in a real browser: Debian's Chromium, which can reach nothing but the gateway.
 */
@Tag("debian")
class DocumentPageIT {

	private static final List<String> CHROMIUM = List.of("chromium", "--headless", "--no-sandbox", "--disable-gpu",
			"--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
			"--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--enable-logging=stderr",
			"--virtual-time-budget=20000", "--dump-dom");

	@TempDir
	private Path directory;

	@Test
	void shouldShowEveryOperationWithoutBreakingItsPolicy() throws Exception {
		try (GatewayProcess gateway = GatewayProcess.start()) {
			Browsed page = browse(gateway.api("/docs"));
			assertThat(DocumentTree.read().operations()).isNotEmpty()
				.allSatisfy((operation) -> assertThat(page.dom).contains("data-path=\"" + operation.path() + "\"",
						"id=\"operations-" + operation.tag() + "-" + operation.id() + "\""));
			assertThat(page.console).doesNotContain("CONSOLE");
		}
	}

	private Browsed browse(URI page) throws Exception {
		Path dom = this.directory.resolve("dom.html");
		Path console = this.directory.resolve("console.log");
		ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(CHROMIUM)).redirectOutput(dom.toFile())
			.redirectError(console.toFile());
		builder.command().addAll(List.of("--user-data-dir=" + this.directory.resolve("profile"), page.toString()));
		Process process = builder.start();
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
		}
		assertThat(process.exitValue()).as(Files.readString(console)).isZero();
		return new Browsed(Files.readString(dom), Files.readString(console));
	}

	private record Browsed(String dom, String console) {
	}

}
