package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.jayway.jsonpath.DocumentContext;
import com.marcnuri.helm.Helm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** What the chart renders beside the nodes and their Services. */
@Tag("helm")
class HelmOptionsIT {

	/** Manifests that copy a file of the chart. */
	private static final Pattern COPIES = Pattern
		.compile("(?ms)(^# Source: switchboard/templates/(?:dashboards|prometheusrule)\\.yaml.*?^(?:data|spec):\n).*?"
				+ "(?=^---$|\\z)");

	private final Manifests every = Manifests.of(Manifests.withValues(Manifests.EVERY_OPTION));

	@Test
	void shouldRenderForProductionWhatIsInTheGoldenFile() throws IOException {
		String rendered = Manifests.withValues(Manifests.PRODUCTION_VALUES).call();
		Written.compare(Path.of("src/test/resources/dev/switchboard/ops/production.golden.yaml"),
				COPIES.matcher(rendered).replaceAll("$1"));
	}

	@Test
	void shouldLeaveTheNumberOfNodesToTheAutoscaler() {
		Manifests scaled = Manifests.of(Manifests.withValues(Manifests.PRODUCTION_VALUES));
		DocumentContext deployment = scaled.firstOfKind("Deployment");
		assertThat(deployment.<Map<String, Object>>read("spec")).doesNotContainKey("replicas");
		assertThat(scaled.firstOfKind("HorizontalPodAutoscaler").<Map<String, Object>>read("spec.scaleTargetRef"))
			.containsEntry("kind", "Deployment")
			.containsEntry("name", deployment.read("metadata.name"));
		assertThat(Manifests.of(Manifests.withLeastValues()).firstOfKind("Deployment").<Integer>read("spec.replicas"))
			.isEqualTo(1);
	}

	@Test
	void shouldScaleByTheMetricThatTheAdaptersRuleServes() throws IOException {
		String metric = this.every.firstOfKind("HorizontalPodAutoscaler").read("spec.metrics[0].pods.metric.name");
		DocumentContext adapter = Manifests
			.parse(Files.readString(Path.of("examples/kubernetes/prometheus-adapter.yaml")))
			.all()
			.getFirst();
		assertThat(adapter.<String>read("rules.custom[0].seriesQuery")).startsWith(metric + "{");
		assertThat(adapter.<String>read("rules.custom[0].name.as")).isEqualTo(metric);
		assertThat(metric).isEqualTo("switchboard_connections");
	}

	@Test
	void shouldRemoveNextNodesOnlyAfterTheDrain() {
		int grace = this.every.pod().read("spec.terminationGracePeriodSeconds");
		int pause = this.every.firstOfKind("HorizontalPodAutoscaler")
			.read("spec.behavior.scaleDown.policies[0].periodSeconds");
		assertThat(pause).isEqualTo(grace + 120);
	}

	@Test
	void shouldReachEachNodeByItsOwnName() {
		List<Map<String, Object>> variables = this.every.container().read("env");
		assertThat(variables)
			.contains(Map.of("name", "SWITCHBOARD_AGENT_PUBLICURL", "value", "wss://$(POD_NAME).nodes.agents.example"));
		// Kubernetes replaces only variables that are defined before.
		List<Object> names = variables.stream().map((variable) -> variable.get("name")).toList();
		assertThat(names.indexOf("POD_NAME")).isNotNegative().isLessThan(names.indexOf("SWITCHBOARD_AGENT_PUBLICURL"));
		for (int number = 0; number < 5; number++) {
			String name = "switchboard-" + number;
			assertThat(this.every.named("Service", name).<Map<String, Object>>read("spec.selector"))
				.containsEntry("statefulset.kubernetes.io/pod-name", name);
			assertThat(this.every.named("HTTPRoute", name).<List<String>>read("spec.hostnames"))
				.containsExactly(name + ".nodes.agents.example");
			assertThat(this.every.named("Ingress", "switchboard-agents").<List<String>>read("spec.rules[*].host"))
				.contains(name + ".nodes.agents.example");
		}
		assertThat(this.every.firstOfKind("StatefulSet").<String>read("spec.serviceName"))
			.isEqualTo(this.every.named("Service", "switchboard-nodes").read("metadata.name"));
	}

	@Test
	void shouldLeadRoutesToServicesThatExist() {
		List<String> services = this.every.ofKind("Service")
			.map((service) -> service.read("metadata.name") + ":" + service.read("spec.ports[0].port"))
			.toList();
		assertThat(this.every.ofKind("HTTPRoute")
			.map((route) -> route.read("spec.rules[0].backendRefs[0].name") + ":"
					+ route.read("spec.rules[0].backendRefs[0].port")))
			.hasSize(7)
			.isSubsetOf(services);
		List<String> names = services.stream().map((service) -> service.replaceAll(":.*", "")).toList();
		assertThat(this.every.ofKind("Ingress")
			.flatMap((ingress) -> ingress.<List<String>>read("spec.rules[*].http.paths[*].backend.service.name")
				.stream()))
			.hasSize(7)
			.isSubsetOf(names);
	}

	@Test
	void shouldGiveRoutesNoTimeOut() {
		assertThat(this.every.ofKind("HTTPRoute")).isNotEmpty()
			.allSatisfy((route) -> assertThat(route.<String>read("spec.rules[0].timeouts.request")).isEqualTo("0s"));
	}

	@Test
	void shouldLetInOnlyThoseWhoNeedAPort() {
		DocumentContext policy = this.every.firstOfKind("NetworkPolicy");
		assertThat(policy.<List<Integer>>read("spec.ingress[*].ports[*].port")).containsExactly(8090, 8080, 9090, 8070);
		Map<String, String> labels = this.every.pod().read("metadata.labels");
		assertThat(labels).containsAllEntriesOf(policy.read("spec.podSelector.matchLabels"));
		assertThat(policy.<List<Object>>read("spec.ingress[3].from")).hasSize(1);
		assertThat(labels).containsAllEntriesOf(policy.read("spec.ingress[3].from[0].podSelector.matchLabels"));
	}

	@Test
	void shouldLetInPodsOfTheNamespaceUnlessSaidOtherwise() {
		DocumentContext policy = Manifests.of(Manifests.withLeastValues().set("networkPolicy.enabled", true))
			.firstOfKind("NetworkPolicy");
		assertThat(policy.<Map<String, Object>>read("spec.ingress[0]")).doesNotContainKey("from");
		assertThat(policy.<List<Object>>read("spec.ingress[1,2].from[*]"))
			.containsExactly(Map.of("podSelector", Map.of()), Map.of("podSelector", Map.of()));
	}

	@Test
	void shouldCopyTheRulesAndTheDashboards() throws IOException {
		DocumentContext rules = this.every.firstOfKind("PrometheusRule");
		DocumentContext file = Manifests.parse(Files.readString(Manifests.CHART.resolve("files/rules.yaml")))
			.all()
			.getFirst();
		assertThat(rules.<List<String>>read("$..alert")).isNotEmpty().isEqualTo(file.<List<String>>read("$..alert"));
		assertThat(rules.<List<String>>read("$..runbook_url")).isNotEmpty()
			.allMatch((url) -> url.startsWith("https://docs.example/switchboard/operating.md#"));
		Map<String, String> dashboards = this.every.ofKind("ConfigMap")
			.filter((map) -> map.<Map<String, String>>read("metadata.labels").containsKey("grafana_dashboard"))
			.flatMap((map) -> map.<Map<String, String>>read("data").entrySet().stream())
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		assertThat(dashboards).hasSameSizeAs(Dashboards.files());
		for (Path dashboard : Dashboards.files()) {
			assertThat(dashboards.get(dashboard.getFileName().toString()))
				.isEqualTo(Files.readString(dashboard).strip());
		}
	}

	/**
	 * {@code helm template} leaves the hook out, so it is rendered as a plain manifest.
	 */
	@Test
	void shouldTestEveryServiceWithAPodThatNoSelectorMatches(@TempDir Path directory) throws IOException {
		Path chart = directory.resolve("switchboard");
		FileSystemUtils.copyRecursively(Manifests.CHART, chart);
		Path file = chart.resolve("templates/tests/nodes.yaml");
		Files.writeString(file, Files.readString(file).replace("helm.sh/hook: test", "note: test"));
		Manifests manifests = Manifests.parse(new Helm(chart).template()
			.withName("switchboard")
			.withKubeVersion("1.30.0")
			.withValuesFile(Manifests.EVERY_OPTION)
			.call());
		DocumentContext pod = manifests.firstOfKind("Pod");
		KubernetesSchemas.check(pod);
		Map<String, String> labels = pod.read("metadata.labels");
		assertThat(manifests.ofKind("Service")).allSatisfy((service) -> assertThat(
				labels.entrySet().containsAll(service.<Map<String, String>>read("spec.selector").entrySet()))
			.isFalse());
		assertThat(manifests.firstOfKind("NetworkPolicy")
			.<List<Map<String, String>>>read("spec.ingress[0,1,2].from[*].podSelector.matchLabels"))
			.filteredOn((selector) -> labels.entrySet().containsAll(selector.entrySet()))
			.hasSize(3);
		assertThat(pod.<List<String>>read("spec.containers[0].args")).containsExactly(
				"http://switchboard-management:82/actuator/health/readiness=200",
				"http://switchboard-management:82/actuator/prometheus=401", "http://switchboard-agents:81/healthz=200",
				"http://switchboard-api:80/v1/nodes=401");
	}

}
