package dev.switchboard.console;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.swagger.v3.oas.models.SpecVersion;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ApiDocumentTests {

	private static final String PROBLEM_TYPE = "urn:switchboard:problem:";

	private final DocumentTree document = DocumentTree.read();

	private final ExampleCheck check = new ExampleCheck(this.document);

	@Test
	void shouldBeValidOpenApi31() throws Exception {
		ParseOptions options = new ParseOptions();
		options.setResolve(true);
		String yaml = ApiDocument.read().yaml().getContentAsString(StandardCharsets.UTF_8);
		SwaggerParseResult result = new OpenAPIV3Parser().readContents(yaml, List.of(), options);
		assertThat(result.getMessages()).isEmpty();
		assertThat(result.getOpenAPI().getSpecVersion()).isEqualTo(SpecVersion.V31);
	}

	@Test
	void shouldReferToNothingThatIsNotThere() {
		assertThat(this.document.objects().filter((node) -> node.has("$ref")))
			.allSatisfy((node) -> assertThat(this.document.resolved(node).isObject()).isTrue());
	}

	@Test
	void shouldUseEveryComponent() {
		List<String> used = this.document.objects().map((node) -> node.path("$ref").asString("")).toList();
		List<String> there = this.document.root()
			.get("components")
			.propertyStream()
			.filter((kind) -> !kind.getKey().equals("securitySchemes"))
			.flatMap((kind) -> kind.getValue()
				.propertyStream()
				.map((component) -> "#/components/" + kind.getKey() + "/" + component.getKey()))
			// Of lines, which OpenAPI 3.1 has no way to point to.
			.filter((name) -> !name.matches("#/components/schemas/(Stream|Fleet)Item"))
			.toList();
		assertThat(used).containsAll(there);
	}

	@Test
	void shouldKnowTheProblemsOfTheGatewayAndNoOthers() {
		List<String> named = Arrays.stream(Problem.values()).map((problem) -> PROBLEM_TYPE + problem.text()).toList();
		assertThat(this.document.root()
			.at("/components/schemas/Problem/properties/type/enum")
			.valueStream()
			.map(JsonNode::asString)).containsExactlyElementsOf(named);
		assertThat(problems().map((problem) -> problem.get("type").asString()).distinct())
			.containsExactlyInAnyOrderElementsOf(named);
	}

	@ParameterizedTest
	@EnumSource
	void shouldShowTheProblemAsTheGatewayWritesIt(Problem problem) {
		JsonNode written = JsonMapper.shared().readTree(new ProblemException(problem, "").toJson());
		assertThat(problems().filter((example) -> example.get("type").equals(written.get("type")))).isNotEmpty()
			.allSatisfy((example) -> {
				assertThat(example.get("status")).isEqualTo(written.get("status"));
				assertThat(example.get("title")).isEqualTo(written.get("title"));
			});
		assertThat(this.document.root().at("/components/examples/" + problem.text() + "/value/outcome"))
			.isEqualTo(written.get("outcome"));
	}

	@Test
	void shouldAnswerEveryStatusWithItsOwnProblems() {
		assertThat(this.document.operations()).allSatisfy((operation) -> assertThat(operation.node()
			.get("responses")
			.propertyStream()
			.filter((response) -> !response.getKey().equals("default")))
			.allSatisfy((response) -> assertThat(this.document
				.examples(this.document.resolved(response.getValue()).path("content").path("application/problem+json")))
				.allSatisfy((problem) -> assertThat(problem.get("status").asString()).isEqualTo(response.getKey()))));
	}

	@Test
	void shouldAskForOneScopePerOperation() {
		assertThat(this.document.operations()).allSatisfy((operation) -> assertThat(
				operation.node().at("/security/0/bearer").valueStream().map(JsonNode::asString))
			.hasSize(1)
			.isSubsetOf("agent:call", "agent:push", "agent:read", "events:read", "admin"));
	}

	@Test
	void shouldHaveAnExampleOfEveryBody() {
		assertThat(this.document.mediaTypes())
			.allSatisfy((type) -> assertThat(this.document.examples(type.node())).isNotEmpty());
	}

	@Test
	void shouldHaveExamplesThatFitTheirSchemas() {
		assertThat(this.document.mediaTypes().filter((type) -> type.name().endsWith("json")))
			.allSatisfy((type) -> assertThat(this.document.examples(type.node()))
				.allSatisfy((example) -> assertThat(this.check.fits(example, type.node().get("schema"))).isTrue()));
	}

	@Test
	void shouldHaveStreamsOfWhichEveryLineIsAnItem() {
		assertThat(streamed("application/x-ndjson")).isNotEmpty()
			.allSatisfy((line) -> assertThat(this.check.fits(JsonMapper.shared().readTree(line.text()), line.item()))
				.as(line.text())
				.isTrue());
		assertThat(streamed("text/event-stream")
			.filter((line) -> !line.text().isEmpty() && !line.text().startsWith("id:"))).isNotEmpty()
			.allSatisfy((line) -> {
				assertThat(line.text()).startsWith("data:");
				JsonNode data = JsonMapper.shared().readTree(line.text().substring("data:".length()));
				assertThat(this.check.fits(data, line.item())).as(line.text()).isTrue();
			});
	}

	/** A line of an example, and the schema that the stream's description names. */
	private record Line(String text, JsonNode item) {
	}

	private Stream<JsonNode> problems() {
		return this.document.objects()
			.map((node) -> node.path("value"))
			.filter((value) -> value.path("type").asString("").startsWith(PROBLEM_TYPE));
	}

	private Stream<Line> streamed(String mediaType) {
		return this.document.mediaTypes()
			.filter((type) -> type.name().equals(mediaType))
			.flatMap((type) -> this.document.examples(type.node())
				.flatMap((example) -> example.asString().lines())
				.map((line) -> new Line(line, item(type.node().at("/schema/description").asString()))));
	}

	private JsonNode item(String description) {
		String name = description.replaceFirst("(?s).* one `(\\w+)`.*", "$1");
		return this.document.root().at("/components/schemas/" + name);
	}

}
