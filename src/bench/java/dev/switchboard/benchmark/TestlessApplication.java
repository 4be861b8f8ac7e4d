package dev.switchboard.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.classreading.MetadataReaderFactory;

/** The application as the jar has it, though the tests' classes are beside it. */
final class TestlessApplication {

	private TestlessApplication() {
	}

	static ConfigurableApplicationContext run(Class<?> source, String... args) {
		SpringApplication application = new SpringApplication(source);
		application
			.addInitializers((context) -> context.getBeanFactory().registerSingleton("testClasses", new TestClasses()));
		return application.run(args);
	}

	private static final class TestClasses extends TypeExcludeFilter {

		@Override
		public boolean match(MetadataReader reader, MetadataReaderFactory factory) {
			try {
				return reader.getResource().getURL().getPath().contains("/test-classes/");
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof TestClasses;
		}

		@Override
		public int hashCode() {
			return 1;
		}

	}

}
