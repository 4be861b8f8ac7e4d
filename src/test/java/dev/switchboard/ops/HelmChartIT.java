package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.DocumentContext;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.YamlMapFactoryBean;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@Tag("helm")
class HelmChartIT {

	private final Manifests manifests = Manifests.of(Manifests.withSampleValues());

	@ParameterizedTest
	@ValueSource(strings = { "src/test/resources/dev/switchboard/ops/values.yaml",
			"src/test/resources/dev/switchboard/ops/every-option.yaml", "examples/kubernetes/production.yaml" })
	void shouldPassStrictLint(Path values, @TempDir Path directory) throws IOException {
		Path chart = directory.resolve("switchboard");
		FileSystemUtils.copyRecursively(Manifests.CHART, chart);
		Files.writeString(chart.resolve("values.yaml"), overDefaults(values));
		LintResult result = new Helm(chart).lint().strict().call();
		assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
	}

	@Test
	void shouldRunWithoutPrivileges() {
		assertThat(this.manifests.pod().<Map<String, Object>>read("spec.securityContext"))
			.containsEntry("runAsNonRoot", true)
			.containsEntry("runAsUser", 10001)
			.containsEntry("seccompProfile", Map.of("type", "RuntimeDefault"));
		assertThat(this.manifests.container().<Map<String, Object>>read("securityContext"))
			.containsEntry("allowPrivilegeEscalation", false)
			.containsEntry("readOnlyRootFilesystem", true)
			.containsEntry("capabilities", Map.of("drop", List.of("ALL")));
		assertThat(this.manifests.pod().<Boolean>read("spec.automountServiceAccountToken")).isFalse();
	}

	@Test
	void shouldLeaveOnlyTmpWritable() {
		assertThat(this.manifests.pod().<List<String>>read("spec.volumes[?(@.emptyDir)].name")).containsExactly("tmp");
		assertThat(this.manifests.container().<List<String>>read("volumeMounts[?(@.readOnly != true)].mountPath"))
			.containsExactly("/tmp");
	}

	@ParameterizedTest
	@CsvSource({ "startupProbe, liveness", "livenessProbe, liveness", "readinessProbe, readiness" })
	void shouldProbeTheManagementPort(String probe, String group) {
		assertThat(this.manifests.container().<Map<String, Object>>read(probe + ".httpGet"))
			.containsOnly(Map.entry("path", "/actuator/health/" + group), Map.entry("port", "management"));
	}

	@Test
	void shouldServeEachPortAndNotTheForwardingOne() {
		List<Integer> ports = this.manifests.ofKind("Service").map(this::targetPort).toList();
		assertThat(ports).containsExactlyInAnyOrder(8080, 8090, 9090);
	}

	@Test
	void shouldSelectItsOwnPods() {
		Map<String, String> labels = this.manifests.pod().read("metadata.labels");
		assertThat(this.manifests.ofKind("Service").toList())
			.allSatisfy((service) -> assertThat(labels).containsAllEntriesOf(service.read("spec.selector")));
		assertThat(labels)
			.containsAllEntriesOf(this.manifests.firstOfKind("PodDisruptionBudget").read("spec.selector.matchLabels"));
		assertThat(this.manifests.pod()
			.<List<Map<String, String>>>read("spec.topologySpreadConstraints[*].labelSelector.matchLabels")).hasSize(2)
			.allSatisfy((selector) -> assertThat(labels).containsAllEntriesOf(selector));
	}

	@Test
	void shouldRestartPodsWhenTheirSettingsChange() {
		Manifests other = Manifests.of(Manifests.withSampleValues().set("jwt.issuerUri", "https://other.example"));
		assertThat(checksum(other)).isNotEqualTo(checksum(this.manifests));
		assertThat(checksum(Manifests.of(Manifests.withSampleValues()))).isEqualTo(checksum(this.manifests));
	}

	@Test
	void shouldLeaveTimeToDrain() {
		assertThat(grace(this.manifests)).isEqualTo(50 + 15);
		assertThat(grace(Manifests.of(Manifests.withSampleValues().set("drain.withinSeconds", 300)))).isEqualTo(315);
		assertThat(grace(Manifests.of(Manifests.withSampleValues().set("terminationGracePeriodSeconds", 90))))
			.isEqualTo(90);
	}

	@Test
	void shouldScrapeWithATokenFromASecret() {
		assertThat(this.manifests.firstOfKind("ServiceMonitor")
			.<Map<String, Object>>read("spec.endpoints[0].authorization")).containsOnly(Map.entry("type", "Bearer"),
					Map.entry("credentials", Map.of("name", "scraper", "key", "token")));
		Map<String, String> selector = this.manifests.firstOfKind("ServiceMonitor").read("spec.selector.matchLabels");
		assertThat(this.manifests.ofKind("Service")
			.filter((service) -> service.<Map<String, String>>read("metadata.labels")
				.entrySet()
				.containsAll(selector.entrySet()))
			.map(this::targetPort)).containsExactly(9090);
	}

	@Test
	void shouldNotRenderWithoutAWayToCheckTokens() {
		assertThatIllegalStateException().isThrownBy(() -> Manifests.withDefaultValues().call())
			.withMessageContaining("no way to check tokens: set jwt.issuerUri, jwt.jwkSetUri or jwt.publicKey");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			jwt.audiences=null                  | set jwt.audiences
			database.url=                       | set database.url
			forwarding.existingSecret=          | set forwarding.existingSecret
			agents.trustedProxies=null          | set agents.trustedProxies
			agents.trustedProxies[0]=proxy.lan  | does not match pattern
			serviceMonitor.tokenSecret=         | set serviceMonitor.tokenSecret
			terminationGracePeriodSeconds=50    | set terminationGracePeriodSeconds above drain.withinSeconds
			drain.announceSeconds=50            | set drain.withinSeconds above drain.announceSeconds
			drain.marginSeconds=9               | minimum
			podLabels.app\\.kubernetes\\.io/name=a | no selector would match the pods
			extraEnv[1].name=SWITCHBOARD_DRAIN_WITHIN | the chart sets SWITCHBOARD_DRAIN_WITHIN itself
			extraEnv[1].name=switchboard.agent.public-url | the chart sets switchboard.agent.public-url itself
			agents.publicUrl=wss://a.example    | every node would have the same URL
			agents.perPod.enabled=true          | set agents.perPod.domain
			ingress.agents.enabled=true         | set ingress.agents.host
			httpRoute.api.enabled=true          | set httpRoute.api.parentRefs
			networkPolicy.enabled=true          | set networkPolicy.managementFrom
			dashboards.labels.grafana_dashboard=1 | want string
			autoscaling.cpuPercents=1           | additional properties 'cpuPercents' not allowed
			networkPolicy.apiFrom[0].pods=1     | additional properties 'pods' not allowed
			image.digest=latest                 | does not match pattern
			topologySpread.zones=Sometimes      | value must be one of
			jwt.issuer=https://issuer.example   | additional properties 'issuer' not allowed
			database.url=jdbc:mysql://db/s      | does not match pattern
			""")
	void shouldNotRenderWhatANodeCouldNotWorkWith(String value, String message) {
		String[] parts = value.split("=", 2);
		assertThatIllegalStateException().isThrownBy(() -> Manifests.withSampleValues().set(parts[0], parts[1]).call())
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			autoscaling.minReplicas=6           | autoscaling.minReplicas is above autoscaling.maxReplicas
			autoscaling.connectionsPerNode=150000 | set autoscaling.connectionsPerNode below node.capacity
			autoscaling.scaleDown.pauseSeconds=1700 | lower drain.withinSeconds or autoscaling.scaleDown.pauseSeconds
			resources.requests.cpu=null         | set resources.requests.cpu
			agents.publicUrl=ws://$(POD_IP):8090 | remove agents.publicUrl
			networkPolicy.apiFrom=null          | set networkPolicy.apiFrom
			networkPolicy.agentsFrom[0].ipBlock=null | want object
			""")
	void shouldNotRenderOptionsThatDoNotWorkTogether(String value, String message) {
		String[] parts = value.split("=", 2);
		assertThatIllegalStateException()
			.isThrownBy(() -> Manifests.withValues(Manifests.EVERY_OPTION).set(parts[0], parts[1]).call())
			.withMessageContaining(message);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jwt.issuerUri", "jwt.jwkSetUri" })
	void shouldNeedNoMoreThanAWayToCheckTokens(String way) {
		Manifests least = Manifests.of(Manifests.withDefaultValues()
			.set("jwt.audiences[0]", "switchboard")
			.set(way, "https://issuer.example"));
		assertThat(least.ofKind("Deployment")).hasSize(1);
		assertThat(least.ofKind("ServiceMonitor")).isEmpty();
		assertThat(least.container().<List<String>>read("volumeMounts[*].name")).containsExactly("tmp");
		assertThat(least.container().<List<String>>read("env[*].name")).containsExactly("SWITCHBOARD_NODE_ADDRESS");
	}

	private static String overDefaults(Path file) {
		YamlMapFactoryBean values = new YamlMapFactoryBean();
		values.setResources(new FileSystemResource(Manifests.CHART.resolve("values.yaml")),
				new FileSystemResource(file));
		return new Yaml().dump(values.getObject());
	}

	private int targetPort(DocumentContext service) {
		String name = service.read("spec.ports[0].targetPort");
		return this.manifests.container()
			.<List<Integer>>read("ports[?(@.name == '" + name + "')].containerPort")
			.getFirst();
	}

	private static int grace(Manifests manifests) {
		return manifests.pod().read("spec.terminationGracePeriodSeconds");
	}

	private static String checksum(Manifests manifests) {
		return manifests.pod().read("metadata.annotations['checksum/config']");
	}

}
