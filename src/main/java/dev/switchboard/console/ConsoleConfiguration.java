package dev.switchboard.console;

import java.util.List;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the web pages. */
@Configuration(proxyBeanMethods = false)
class ConsoleConfiguration {

	/** The paths of the web pages. All paths below these are web pages, too. */
	static final List<String> PAGES = List.of("/docs", "/webjars");

	@Bean
	ApiDocument apiDocument() {
		return ApiDocument.read();
	}

	@Bean
	PagePolicy pagePolicy() {
		return new PagePolicy(PAGES);
	}

}
