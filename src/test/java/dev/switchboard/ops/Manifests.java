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

	/** Of the oldest Kubernetes that the chart is for. */
	static TemplateCommand withDefaultValues() {
		return new Helm(CHART).template().withName("switchboard").withKubeVersion("1.30.0");
	}

	static TemplateCommand withSampleValues() {
		return withDefaultValues().withValuesFile(SAMPLE_VALUES);
	}

	static Manifests of(TemplateCommand command) {
		Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
		return new Manifests(StreamSupport.stream(yaml.loadAll(command.call()).spliterator(), false)
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

	DocumentContext pod() {
		return JsonPath.parse(firstOfKind("Deployment").<Object>read("spec.template"));
	}

	DocumentContext container() {
		return JsonPath.parse(pod().<Object>read("spec.containers[0]"));
	}

}
