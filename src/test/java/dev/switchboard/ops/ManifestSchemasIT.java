package dev.switchboard.ops;

import java.nio.file.Path;
import java.util.List;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The manifests follow the schemas of Kubernetes. */
@Tag("helm")
class ManifestSchemasIT {

	@Test
	void shouldFollowTheSchemasWithTheLeastValues() {
		check(Manifests.of(Manifests.withLeastValues()),
				List.of("ConfigMap", "Deployment", "PodDisruptionBudget", "Service", "ServiceAccount"));
	}

	@Test
	void shouldFollowTheSchemasWithTheValuesForProduction() {
		check(Manifests.of(Manifests.withValues(Manifests.PRODUCTION_VALUES)),
				List.of("ConfigMap", "Deployment", "HTTPRoute", "HorizontalPodAutoscaler", "NetworkPolicy",
						"PodDisruptionBudget", "PrometheusRule", "Service", "ServiceAccount", "ServiceMonitor"));
	}

	@Test
	void shouldFollowTheSchemasWithEveryOption() {
		check(Manifests.of(Manifests.withValues(Manifests.EVERY_OPTION)),
				List.of("ConfigMap", "HTTPRoute", "HorizontalPodAutoscaler", "Ingress", "NetworkPolicy",
						"PodDisruptionBudget", "PrometheusRule", "Service", "ServiceAccount", "ServiceMonitor",
						"StatefulSet"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{apiVersion: v1, kind: Service, spec: {port: 80}}",
			"{apiVersion: v1, kind: Pod, spec: {volumes: []}}",
			"{apiVersion: apps/v1, kind: Deployment, spec: {selector: {}, template: {spec: {containers: [{name: a, imag: b}]}}}}",
			"{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, spec: {rules: [{timeout: 0s}]}}",
			"{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, spec: {groups: [{name: a, rules: [{alerts: b}]}]}}",
			"{apiVersion: v2, kind: Service}" })
	void shouldNoticeWhatTheSchemasForbid(String manifest) {
		DocumentContext broken = Manifests.parse(manifest).all().getFirst();
		assertThatIllegalArgumentException().isThrownBy(() -> KubernetesSchemas.check(broken));
	}

	private static void check(Manifests manifests, List<String> kinds) {
		manifests.all().forEach(KubernetesSchemas::check);
		assertThat(manifests.all().stream().map((manifest) -> manifest.<String>read("kind")).distinct().sorted())
			.isEqualTo(kinds);
	}

}
