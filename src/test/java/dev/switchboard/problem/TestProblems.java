package dev.switchboard.problem;

import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.web.server.WebExceptionHandler;

/** Answers failures as a node does, in tests that start no whole node. */
public final class TestProblems {

	private TestProblems() {
	}

	public static ProblemWriter writer() {
		return new ProblemConfiguration().problemWriter(Chance.SYSTEM);
	}

	public static WebExceptionHandler handler() {
		return new ProblemHandler(writer(), new ProblemMetrics(new SimpleMeterRegistry()), TimeSource.SYSTEM);
	}

}
