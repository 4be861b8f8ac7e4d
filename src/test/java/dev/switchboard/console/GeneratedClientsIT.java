package dev.switchboard.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Generates clients from the API's document, compiles them, and calls a sample agent with
 * them ({@code src/client}). Each client runs in its own process.
 */
class GeneratedClientsIT {

	private static final Path SAMPLES = Path.of("src", "client").toAbsolutePath();

	private static final Path DOCUMENT = Path.of("src", "main", "resources", "openapi", "openapi.yaml")
		.toAbsolutePath();

	private static final Path LIBRARIES = Path.of("target", "client-libraries").toAbsolutePath();

	private static GatewayProcess gateway;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() {
		gateway = GatewayProcess.start("switchboard.dev.sample-agents=1");
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(GeneratedClientsIT::isConnected);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "okhttp-gson" })
	void shouldBeUsableFromJava(String library) throws Exception {
		Path generator = LIBRARIES.resolve("openapi-generator-cli.jar");
		Path client = this.folder.resolve("client");
		Path classes = Files.createDirectory(this.folder.resolve("classes"));
		run(java("java"), "-jar", generator.toString(), "generate", "-g", "java", "-i", DOCUMENT.toString(), "-o",
				client.toString(), "--library", library, "--invoker-package", "sample", "--api-package", "sample.api",
				"--model-package", "sample.model", "--additional-properties=openApiNullable=false",
				"--global-property=apis,models,supportingFiles,apiTests=false,modelTests=false,apiDocs=false,modelDocs=false");
		List<String> compile = new ArrayList<>(
				List.of(java("javac"), "-nowarn", "-proc:none", "-d", classes.toString(), "-cp", LIBRARIES + "/*"));
		for (Path source : List.of(client.resolve("src/main/java"), SAMPLES.resolve("java"),
				SAMPLES.resolve(library))) {
			compile.addAll(sources(source));
		}
		run(compile.toArray(String[]::new));

		assertThat(run(java("java"), "-cp", classes + ":" + LIBRARIES + "/*", "Sample", gateway.api("").toString())
			.lines()).containsExactly("completed {hello=world}", "rejected failed", "pending true", "pending true",
					"cancelled 409", "problem 404 urn:switchboard:problem:agent-unknown not_sent", "pushed sent",
					"agents [laptop-1]", "presence online");
	}

	/** Needs Node.js, npm and the network. */
	@Test
	@Tag("debian")
	void shouldBeUsableFromTypescript() throws Exception {
		for (String file : List.of("package.json", "tsconfig.json", "sample.ts")) {
			Files.copy(SAMPLES.resolve("typescript").resolve(file), this.folder.resolve(file));
		}
		run("npm", "install", "--no-audit", "--no-fund");
		run("npx", "openapi-typescript", DOCUMENT.toString(), "-o", "api.d.ts");
		run("npx", "tsc");

		assertThat(run("node", "sample.js", gateway.api("").toString()).lines()).containsExactly(
				"completed {\"hello\":\"world\"}", "rejected failed", "pending true", "pending true", "cancelled 409",
				"problem 404 urn:switchboard:problem:agent-unknown not_sent", "pushed sent");
	}

	private static boolean isConnected() throws IOException {
		try (var presence = gateway.api("/v1/tenants/demo/agents/laptop-1").toURL().openStream()) {
			return new String(presence.readAllBytes(), StandardCharsets.UTF_8).contains("online");
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static List<String> sources(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.map(Path::toString).filter((file) -> file.endsWith(".java")).toList();
		}
	}

	private static String java(String tool) {
		return Path.of(System.getProperty("java.home"), "bin", tool).toString();
	}

	/** Runs a command in the test's folder, and returns its standard output. */
	private String run(String... command) throws Exception {
		Path errors = this.folder.resolve("errors.log");
		Process process = new ProcessBuilder(command).directory(this.folder.toFile())
			.redirectError(errors.toFile())
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
		assertThat(process.exitValue()).as(output + Files.readString(errors)).isZero();
		return output;
	}

}
