package dev.switchboard.console;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MetricsDocumentTests {

	@Test
	void shouldReadNameTypeAndTagsOfAnEntry() throws Exception {
		assertThat(MetricsDocument.read().entries().get("switchboard_calls_seconds")).isNotNull().satisfies((entry) -> {
			assertThat(entry.type()).isEqualTo("histogram");
			assertThat(entry.tags()).containsExactly("outcome");
			assertThat(entry.lazy()).isFalse();
		});
	}

	@Test
	void shouldReadAScrape() {
		Scrape scrape = Scrape.of("""
				# HELP jvm_info
				# TYPE jvm_info gauge
				jvm_info{vendor="x"} 1
				# HELP switchboard_calls_seconds Calls
				# TYPE switchboard_calls_seconds histogram
				switchboard_calls_seconds_bucket{outcome="completed",le="+Inf"} 1
				switchboard_calls_seconds_count{outcome="completed"} 1
				# TYPE switchboard_calls_seconds_max gauge
				switchboard_calls_seconds_max{outcome="completed"} 0.1
				# TYPE switchboard_connections gauge
				switchboard_connections 3.0
				""");
		assertThat(scrape.entries().keySet()).containsExactlyInAnyOrder("switchboard_calls_seconds",
				"switchboard_connections");
		assertThat(scrape.entries().get("switchboard_calls_seconds")).isNotNull()
			.satisfies((entry) -> assertThat(entry.tags()).containsExactly("outcome"));
	}

}
