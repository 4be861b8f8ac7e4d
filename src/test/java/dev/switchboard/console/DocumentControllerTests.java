package dev.switchboard.console;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;
import org.springframework.test.web.reactive.server.WebTestClient;

import static org.assertj.core.api.Assertions.assertThat;

class DocumentControllerTests {

	private final WebTestClient client = WebTestClient.bindToController(new DocumentController(ApiDocument.read()))
		.webFilter(new PagePolicy(ConsoleConfiguration.PAGES))
		.build();

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			/openapi.yaml | application/yaml
			/openapi.json | application/json
			/docs         | text/html;charset=UTF-8
			/docs/docs.js | text/javascript;charset=UTF-8
			""")
	void shouldServeTheFormatThatThePathNames(String path, String contentType) {
		this.client.get()
			.uri(path)
			.header("Accept", "image/png")
			.exchange()
			.expectStatus()
			.isOk()
			.expectHeader()
			.valueEquals("Content-Type", contentType);
	}

	@Test
	void shouldServeTheSameAsYamlAndAsJson() {
		Object yaml = new Yaml().load(text("/openapi.yaml"));
		Object json = JsonMapper.shared().readValue(text("/openapi.json"), Object.class);
		assertThat(json).isEqualTo(yaml);
	}

	@Test
	void shouldServeTheDocumentAsItWasWritten() throws Exception {
		assertThat(text("/openapi.yaml"))
			.isEqualTo(new ClassPathResource("openapi/openapi.yaml").getContentAsString(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@CsvSource({ "/docs", "/docs/docs.js", "/webjars/swagger-ui/index.html" })
	void shouldKeepPagesToThisOriginAndFromInlineScripts(String path) {
		this.client.get()
			.uri(path)
			.exchange()
			.expectHeader()
			.value("Content-Security-Policy",
					(policy) -> assertThat(policy)
						.contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
						.doesNotContain("unsafe", "http", "*"));
	}

	@Test
	void shouldLeaveOtherAnswersAsTheyAre() {
		for (String path : new String[] { "/openapi.json", "/docsnot" }) {
			this.client.get().uri(path).exchange().expectHeader().doesNotExist("Content-Security-Policy");
		}
	}

	private String text(String path) {
		byte[] body = this.client.get()
			.uri(path)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.returnResult()
			.getResponseBody();
		assertThat(body).isNotNull();
		return new String(body, StandardCharsets.UTF_8);
	}

}
