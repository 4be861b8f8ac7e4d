package dev.switchboard.console;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Controller;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

class ApiMappingTests {

	/** Where the gateway's classes are; tests have controllers of their own. */
	private static final String MAIN = DocumentController.class.getProtectionDomain()
		.getCodeSource()
		.getLocation()
		.toString();

	@Test
	void shouldDescribeWhatControllersAnswerAndNothingElse() {
		assertThat(DocumentTree.read().operations().map(DocumentTree.Operation::toString))
			.containsExactlyInAnyOrderElementsOf(mapped());
	}

	// Spring's own reading of every controller there is; none is made for it.
	private static List<String> mapped() {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(context, false);
			scanner.addIncludeFilter(new AnnotationTypeFilter(Controller.class));
			scanner.addExcludeFilter((type, _) -> !type.getResource().getURI().toString().startsWith(MAIN));
			scanner.getBeanDefinitionDefaults().setLazyInit(true);
			scanner.scan("dev.switchboard");
			context.registerBean(RequestMappingHandlerMapping.class);
			context.refresh();
			return context.getBean(RequestMappingHandlerMapping.class)
				.getHandlerMethods()
				.keySet()
				.stream()
				.flatMap(ApiMappingTests::operations)
				.toList();
		}
	}

	private static Stream<String> operations(RequestMappingInfo mapping) {
		return mapping.getPatternsCondition()
			.getPatterns()
			.stream()
			.map((pattern) -> pattern.getPatternString())
			.filter((path) -> path.startsWith("/v1/"))
			.flatMap((path) -> mapping.getMethodsCondition()
				.getMethods()
				.stream()
				.map((method) -> method.name().toLowerCase(Locale.ROOT) + " " + path));
	}

}
