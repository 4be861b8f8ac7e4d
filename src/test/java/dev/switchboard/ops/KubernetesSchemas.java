package dev.switchboard.ops;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.jayway.jsonpath.DocumentContext;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import tools.jackson.databind.ObjectMapper;

/**
 * The schemas of the manifests' kinds. Kubernetes' own kinds are checked by the classes
 * of its Java client, which know all members and those that are required. Kinds of the
 * Gateway API and of the Prometheus operator are checked by fabric8's classes, which know
 * all members and their types.
 */
final class KubernetesSchemas {

	private static final Map<String, Class<?>> KUBERNETES = Map.ofEntries(Map.entry("v1/ConfigMap", V1ConfigMap.class),
			Map.entry("v1/Pod", V1Pod.class), Map.entry("v1/Service", V1Service.class),
			Map.entry("v1/ServiceAccount", V1ServiceAccount.class), Map.entry("apps/v1/Deployment", V1Deployment.class),
			Map.entry("apps/v1/StatefulSet", V1StatefulSet.class),
			Map.entry("autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class),
			Map.entry("networking.k8s.io/v1/Ingress", V1Ingress.class),
			Map.entry("networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy.class),
			Map.entry("policy/v1/PodDisruptionBudget", V1PodDisruptionBudget.class));

	private static final Map<String, Class<?>> CUSTOM = Map.of("gateway.networking.k8s.io/v1/HTTPRoute",
			HTTPRoute.class, "monitoring.coreos.com/v1/ServiceMonitor", ServiceMonitor.class,
			"monitoring.coreos.com/v1/PrometheusRule", PrometheusRule.class);

	private static final com.fasterxml.jackson.databind.ObjectMapper STRICT = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.annotationIntrospector(new KnownMembersOnly())
		.build();

	private static final ObjectMapper JSON = new ObjectMapper();

	private KubernetesSchemas() {
	}

	/**
	 * Checks a manifest against the schema of its kind.
	 * @throws IllegalArgumentException if it breaks the schema, or if there is none
	 */
	static void check(DocumentContext manifest) {
		String type = manifest.read("apiVersion") + "/" + manifest.read("kind");
		String json = JSON.writeValueAsString(manifest.<Map<String, Object>>read("$"));
		if (CUSTOM.containsKey(type)) {
			checkCustom(CUSTOM.get(type), json);
		}
		else if (KUBERNETES.containsKey(type)) {
			checkKubernetes(KUBERNETES.get(type), json);
		}
		else {
			throw new IllegalArgumentException("no schema of " + type);
		}
	}

	private static void checkCustom(Class<?> type, String json) {
		try {
			STRICT.readValue(json, type);
		}
		catch (JsonProcessingException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

	private static void checkKubernetes(Class<?> type, String json) {
		try {
			type.getMethod("validateJsonElement", JsonElement.class).invoke(null, JsonParser.parseString(json));
		}
		catch (InvocationTargetException ex) {
			throw new IllegalArgumentException(ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Takes away the setter that would keep unknown members. */
	private static final class KnownMembersOnly extends JacksonAnnotationIntrospector {

		@Override
		public Boolean hasAnySetter(Annotated annotated) {
			return false;
		}

	}

}
