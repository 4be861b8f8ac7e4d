package dev.switchboard.ops;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.jayway.jsonpath.DocumentContext;
import com.jayway.jsonpath.JsonPath;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The manifests that the chart renders. */
record Manifests(List<DocumentContext> all) {

	static final Path CHART = Path.of("helm/switchboard");

	static final Path SAMPLE_VALUES = Path.of("src/test/resources/dev/switchboard/ops/values.yaml");

	/** Values of which none is the default. */
	static final Path EVERY_OPTION = Path.of("src/test/resources/dev/switchboard/ops/every-option.yaml");

	static final Path PRODUCTION_VALUES = Path.of("examples/kubernetes/production.yaml");

	/** Of the oldest Kubernetes that the chart is for. */
	static TemplateCommand withDefaultValues() {
		return new Helm(CHART).template().withName("switchboard").withKubeVersion("1.30.0");
	}

	static TemplateCommand withLeastValues() {
		return withDefaultValues().set("jwt.audiences[0]", "switchboard")
			.set("jwt.issuerUri", "https://issuer.example");
	}

	static TemplateCommand withSampleValues() {
		return withValues(SAMPLE_VALUES);
	}

	static TemplateCommand withValues(Path file) {
		return withDefaultValues().withValuesFile(file);
	}

	static Manifests of(TemplateCommand command) {
		return parse(command.call());
	}

	static Manifests parse(String manifests) {
		Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
		return new Manifests(StreamSupport.stream(yaml.loadAll(manifests).spliterator(), false)
			.filter(Objects::nonNull)
			.map(JsonPath::parse)
			.toList());
	}

	Stream<DocumentContext> ofKind(String kind) {
		return this.all.stream().filter((manifest) -> kind.equals(manifest.read("kind")));
	}

	DocumentContext firstOfKind(String kind) {
		return ofKind(kind).findFirst().orElseThrow();
	}

	/** The manifest of a kind and name. */
	DocumentContext named(String kind, String name) {
		return ofKind(kind).filter((manifest) -> name.equals(manifest.read("metadata.name"))).findFirst().orElseThrow();
	}

	/** The pod of a node. */
	DocumentContext pod() {
		DocumentContext workload = Stream.of("Deployment", "StatefulSet")
			.flatMap(this::ofKind)
			.findFirst()
			.orElseThrow();
		return JsonPath.parse(workload.<Object>read("spec.template"));
	}

	DocumentContext container() {
		return JsonPath.parse(pod().<Object>read("spec.containers[0]"));
	}

}
