package dev.switchboard.contract;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the table of endpoints with the OpenAPI document. An operation without a row
 * fails here, because no test would try bad credentials at it.
 */
class EndpointsTests {

	private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

	@Test
	void shouldHaveARowOfEachOperationWithItsScope() throws IOException {
		assertThat(Endpoint.all().stream().map((row) -> row + " " + row.scope()))
			.containsExactlyInAnyOrderElementsOf(documented());
	}

	@Test
	void shouldNeedATokenForAllTenantsWhereThePathHasNoTenant() {
		assertThat(Endpoint.all()).filteredOn((row) -> !row.path().contains("{tenant}"))
			.isNotEmpty()
			.allMatch(Endpoint::ofCluster);
	}

	private static List<String> documented() throws IOException {
		try (InputStream yaml = new ClassPathResource("openapi/openapi.yaml").getInputStream()) {
			Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
			JsonNode tree = JsonMapper.shared().valueToTree(document);
			return tree.get("paths").propertyStream().flatMap(EndpointsTests::operations).toList();
		}
	}

	private static Stream<String> operations(Map.Entry<String, JsonNode> path) {
		return path.getValue()
			.propertyStream()
			.filter((member) -> METHODS.contains(member.getKey()))
			.map((member) -> member.getKey() + " " + path.getKey() + " "
					+ member.getValue().at("/security/0/bearer/0").asString());
	}

}
