package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples agree with each other, with the image and with the settings. There is no
 * Docker here, so nothing starts {@code compose.yaml}.
 */
class ExamplesTests {

	private static final Path ECS = Path.of("examples/ecs");

	private static final Path SETTINGS = Path.of("target/classes/META-INF/spring-configuration-metadata.json");

	/** The time that a process needs to end after its drain, in seconds. */
	private static final int END = 10;

	private final DocumentContext compose = yaml("compose.yaml");

	private final String unit = read("examples/systemd/switchboard.service");

	@Test
	void shouldNotBeStartedByTheNodeItself() {
		assertThat(Thread.currentThread()
			.getContextClassLoader()
			.getResource("org/springframework/boot/docker/compose/lifecycle/DockerComposeProperties.class")).isNull();
	}

	@Test
	void shouldKeepAllContainersInTheNamespaceOfTheProxy() {
		Map<String, Map<String, Object>> services = this.compose.read("$.services");
		assertThat(services).hasSize(8);
		services.forEach((name, service) -> {
			assertThat(service.get("network_mode")).as(name)
				.isEqualTo(name.equals("haproxy") ? null : "service:haproxy");
			assertThat(service.containsKey("ports")).as(name).isEqualTo(name.equals("haproxy"));
		});
		assertThat(this.compose.<List<String>>read("$.services.haproxy.ports")).isNotEmpty()
			.allMatch((port) -> port.startsWith("127.0.0.1:"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3 })
	void shouldFindTheNodesWhereTheyListen(int number) {
		DocumentContext node = JsonPath.parse(this.compose.<Object>read("$.services.node-" + number + ".environment"));
		assertThat(read("examples/haproxy/haproxy.cfg"))
			.contains("server node-" + number + " 127.0.0.1:" + node.read("SWITCHBOARD_AGENT_PORT"))
			.contains("server node-" + number + " 127.0.0.1:" + node.read("SERVER_PORT") + " port "
					+ node.read("MANAGEMENT_SERVER_PORT"));
		assertThat(read("examples/prometheus/prometheus.yml"))
			.contains("127.0.0.1:" + node.read("MANAGEMENT_SERVER_PORT"));
	}

	@Test
	void shouldMountFilesThatExist() {
		List<String> mounted = this.compose.read("$.services[*].volumes[*]");
		assertThat(mounted).hasSize(6)
			.allSatisfy((volume) -> assertThat(Path.of(volume.substring(0, volume.indexOf(":")))).exists());
	}

	@Test
	void shouldLeaveTimeToDrain() throws IOException {
		int time = END + seconds(JsonPath
			.<List<String>>read(Files.readString(SETTINGS),
					"$.properties[?(@.name == 'switchboard.drain.within')].defaultValue")
			.getFirst());
		List<String> grace = this.compose.read("$.services[*].stop_grace_period");
		assertThat(grace).hasSize(3).allMatch((each) -> seconds(each) >= time);
		assertThat(seconds(find(this.unit, "TimeoutStopSec=(\\d+)"))).isGreaterThanOrEqualTo(time);
		assertThat(ecs("task-definition").<Integer>read("$.containerDefinitions[0].stopTimeout"))
			.isGreaterThanOrEqualTo(time);
	}

	private static int seconds(String time) {
		return Integer.parseInt(time.replace("s", ""));
	}

	@Test
	void shouldAllowADescriptorForEachConnection() throws IOException {
		assertThat(Integer.parseInt(find(this.unit, "LimitNOFILE=(\\d+)"))).isGreaterThan(200_000);
		DocumentContext container = JsonPath.parse(ecs("task-definition").<Object>read("$.containerDefinitions[0]"));
		int capacity = Integer
			.parseInt(container.<List<String>>read("$.environment[?(@.name == 'SWITCHBOARD_NODE_CAPACITY')].value")
				.getFirst());
		assertThat(container.<Integer>read("$.ulimits[0].softLimit")).isGreaterThan(capacity);
		assertThat(this.compose.<List<Integer>>read("$.services[*].ulimits.nofile")).allMatch((limit) -> limit > 5_000);
	}

	@Test
	void shouldStartTheUnitAsTheImageStarts() throws IOException {
		String image = read("Dockerfile").replaceAll("[\\\\\\s]+", " ");
		String entryPoint = find(image, "ENTRYPOINT \\[(.*)]").replaceAll("[\",]", "")
			.replaceAll(" -XX:AOTCache=\\S+| -Xlog:\\S+", "");
		String command = find(this.unit.replaceAll("\\\\\\s+", ""), "ExecStart=/usr/bin/(.*)");
		assertThat(command).isEqualTo(entryPoint.replaceAll("\\s+", " ").strip());
		assertThat(find(image, "JVM_FLAGS=\"([^\"]*)\"").split(" ")).hasSize(3)
			.allSatisfy((flag) -> assertThat(entryPoint).contains(flag));
	}

	@Test
	void shouldGiveEcsWhatTheImageIs() throws IOException {
		DocumentContext container = JsonPath.parse(ecs("task-definition").<Object>read("$.containerDefinitions[0]"));
		assertThat(read("Dockerfile")).contains("USER " + container.read("$.user"))
			.contains("EXPOSE " + String.join(" ",
					container.<List<Integer>>read("$.portMappings[*].containerPort")
						.stream()
						.map(String::valueOf)
						.toList()))
			.contains("CMD [\"bash\", \"/switchboard/probe\"]");
		assertThat(container.<List<String>>read("$.healthCheck.command")).containsExactly("CMD", "bash",
				"/switchboard/probe");
		assertThat(container.<Boolean>read("$.readonlyRootFilesystem")).isTrue();
		assertThat(ecs("service").<List<String>>read("$.loadBalancers[*].containerName"))
			.containsOnly(container.<String>read("$.name"));
		assertThat(ecs("service").<List<String>>read("$.capacityProviderStrategy[*].capacityProvider"))
			.containsExactly(ecs("capacity-provider").<String>read("$.name"));
		assertThat(ecs("capacity-provider").<String>read("$.autoScalingGroupProvider.managedDraining"))
			.isEqualTo("ENABLED");
	}

	/** A node refuses a setting that it does not know. */
	@Test
	void shouldSetOnlySettingsThatExist() throws IOException {
		Set<String> known = JsonPath.<List<String>>read(Files.readString(SETTINGS), "$.properties[*].name")
			.stream()
			.map((name) -> name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'))
			.collect(Collectors.toCollection(TreeSet::new));
		Set<String> set = Stream
			.of("compose.yaml", "examples/ecs/task-definition.json", "examples/systemd/switchboard.service",
					"helm/switchboard/templates/configmap.yaml", "helm/switchboard/templates/workload.yaml",
					"Dockerfile")
			.flatMap((file) -> Pattern.compile("SWITCHBOARD_[A-Z_0-9]+").matcher(read(file)).results())
			.map((found) -> found.group())
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(set).hasSizeGreaterThan(5).isSubsetOf(known);
	}

	@Test
	void shouldNameNoRegistry() {
		assertThat(read(".github/workflows/publish.yml")).doesNotContainPattern("[a-z]+\\.(?:io|com|org)\\b")
			.contains("vars.REGISTRY", "cosign sign", "sbom: true");
	}

	@Test
	void shouldKeepAgentsThroughTheProxyWhileTheyAreQuiet() {
		assertThat(seconds(find(read("examples/haproxy/haproxy.cfg"), "timeout tunnel (\\d+)s"))).isGreaterThan(60);
	}

	private static DocumentContext ecs(String name) throws IOException {
		return JsonPath.parse(Files.readString(ECS.resolve(name + ".json")));
	}

	private static DocumentContext yaml(String file) {
		return Manifests.parse(read(file)).all().getFirst();
	}

	private static String read(String file) {
		try {
			return Files.readString(Path.of(file));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String find(String text, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return matcher.group(1);
	}

}
