package dev.switchboard.problem;

import java.time.Duration;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires problem responses of the API and management ports. */
@Configuration(proxyBeanMethods = false)
class ProblemConfiguration {

	/**
	 * The time over which callers' retries are spread. It is short, since backends are
	 * few and wait for an answer.
	 */
	private static final Duration RETRY_WITHIN = Duration.ofSeconds(5);

	@Bean
	ProblemWriter problemWriter(Chance chance) {
		return new ProblemWriter(chance, RETRY_WITHIN);
	}

	@Bean
	ProblemHandler problemHandler(ProblemWriter problems, MeterRegistry registry, TimeSource time) {
		return new ProblemHandler(problems, new ProblemMetrics(registry), time);
	}

}
