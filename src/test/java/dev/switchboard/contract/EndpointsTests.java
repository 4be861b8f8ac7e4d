package dev.switchboard.contract;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

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
		List<String> operations = new ArrayList<>();
		try (InputStream yaml = new ClassPathResource("openapi/openapi.yaml").getInputStream()) {
			Map<?, ?> document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
			object(document.get("paths")).forEach((path, item) -> object(item).forEach((method, operation) -> {
				if (METHODS.contains(String.valueOf(method))) {
					operations.add(method + " " + path + " " + scope(object(operation)));
				}
			}));
		}
		return operations;
	}

	private static Map<?, ?> object(Object value) {
		return (Map<?, ?>) value;
	}

	private static String scope(Map<?, ?> operation) {
		Map<?, ?> security = object(((List<?>) operation.get("security")).getFirst());
		return String.valueOf(((List<?>) security.get("bearer")).getFirst());
	}

}
