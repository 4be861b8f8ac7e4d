package dev.switchboard.agent;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static dev.switchboard.agent.MavenProcess.property;
import static org.assertj.core.api.Assertions.assertThat;

/** The agent library as a Maven project gets it. */
class AgentArtifactIT {

	private static final Path OUR_PROJECT = Path.of("").toAbsolutePath();

	private static final String POM = "META-INF/maven/dev.switchboard/switchboard-agent/pom.xml";

	@TempDir
	private Path directory;

	@Test
	void shouldBringAProjectOneArtifactAndAWorkingAgent() throws Exception {
		MavenProcess maven = new MavenProcess(Files.createDirectory(this.directory.resolve("repository")));
		maven.run(OUR_PROJECT, "install:install-file@agent");
		List<String> classPath = build(maven);
		assertThat(classPath).singleElement()
			.asString()
			.endsWith(".jar")
			.contains("/dev/switchboard/switchboard-agent/");
		try (GatewayProcess gateway = GatewayProcess.start()) {
			Process agent = runAgent(classPath, gateway);
			try {
				assertThat(agent.inputReader(StandardCharsets.UTF_8).readLine()).startsWith("connected to ");
				assertThat(call(gateway)).contains("\"payload\":{\"hello\": \"toy\"}");
			}
			finally {
				agent.destroy();
				agent.waitFor(30, TimeUnit.SECONDS);
			}
		}
	}

	@Test
	void shouldBeDeployedWithItsOwnPom() throws Exception {
		MavenProcess maven = new MavenProcess(Files.createDirectory(this.directory.resolve("repository")));
		Path remote = this.directory.resolve("remote");
		maven.deploy(OUR_PROJECT, "deploy:deploy-file@agent", "-Ddeploy.id=test", "-Ddeploy.url=" + remote.toUri());
		Path pom = files(remote).filter((file) -> file.toString().endsWith(".pom")).findFirst().orElseThrow();
		assertThat(Files.readString(pom))
			.contains("<artifactId>switchboard-agent</artifactId>",
					"<version>" + property("switchboard.version") + "</version>")
			.doesNotContain("<dependency>", "<parent>", "@");
		assertThat(files(remote).filter((file) -> file.toString().endsWith(".jar"))).hasSize(1);
	}

	@Test
	void shouldHoldTheLibraryAndItsOwnPomOnly() throws IOException {
		try (JarFile jar = new JarFile(property("switchboard.agent-jar"))) {
			List<String> files = jar.stream().filter((entry) -> !entry.isDirectory()).map(ZipEntry::getName).toList();
			assertThat(files).contains(POM, "dev/switchboard/agent/SwitchboardAgent.class")
				.allMatch((name) -> name.equals("META-INF/MANIFEST.MF") || name.equals(POM)
						|| name.matches("dev/switchboard/(agent|json|protocol)/[\\w$-]+\\.class"));
		}
	}

	private List<String> build(MavenProcess maven) throws Exception {
		Path list = this.directory.resolve("class-path");
		List<String> arguments = new ArrayList<>(List.of(property("maven.plugins").split(" ")));
		arguments.addAll(List.of("-Dswitchboard.version=" + property("switchboard.version"),
				"-Doutput=" + this.directory.resolve("built"), "-Dmdep.outputFile=" + list, "compile",
				"dependency:build-classpath"));
		maven.run(OUR_PROJECT.resolve("src/agent/consumer"), arguments.toArray(String[]::new));
		return List.of(Files.readString(list).strip().split(File.pathSeparator));
	}

	private Process runAgent(List<String> classPath, GatewayProcess gateway) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				String.join(File.pathSeparator, classPath) + File.pathSeparator
						+ this.directory.resolve("built/classes"),
				"sample.EchoAgent", gateway.agent("").toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

	private static String call(GatewayProcess gateway) throws Exception {
		try (HttpClient client = HttpClient.newHttpClient()) {
			URI uri = gateway.api("/v1/tenants/demo/agents/consumer/calls");
			return client
				.send(HttpRequest.newBuilder(uri)
					.header("Content-Type", "application/json")
					.POST(HttpRequest.BodyPublishers.ofString("{\"method\":\"echo\",\"payload\":{\"hello\": \"toy\"}}"))
					.build(), HttpResponse.BodyHandlers.ofString())
				.body();
		}
	}

	private static Stream<Path> files(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter(Files::isRegularFile).toList().stream();
		}
	}

}
