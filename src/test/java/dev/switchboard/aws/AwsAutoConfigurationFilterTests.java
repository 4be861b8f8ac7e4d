package dev.switchboard.aws;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class AwsAutoConfigurationFilterTests {

	private static final String[] CANDIDATES = ImportCandidates.load(AutoConfiguration.class, null)
		.getCandidates()
		.toArray(String[]::new);

	private static List<String> filtered(MockEnvironment environment) {
		AwsAutoConfigurationFilter filter = new AwsAutoConfigurationFilter();
		filter.setEnvironment(environment);
		boolean[] matches = filter.match(CANDIDATES.clone(), Mockito.mock(AutoConfigurationMetadata.class));
		return IntStream.range(0, CANDIDATES.length).filter((i) -> matches[i]).mapToObj((i) -> CANDIDATES[i]).toList();
	}

	private static List<String> ofAws(List<String> classes) {
		return classes.stream().filter((name) -> name.startsWith("io.awspring.")).toList();
	}

	@Test
	void shouldKeepSpringCloudAwsOutWithoutASetting() {
		assertThat(ofAws(Arrays.asList(CANDIDATES))).hasSizeGreaterThan(3);
		List<String> filtered = filtered(new MockEnvironment().withProperty("switchboard.events.retention", "1h"));
		assertThat(ofAws(filtered)).isEmpty();
		assertThat(filtered).hasSize(CANDIDATES.length - ofAws(Arrays.asList(CANDIDATES)).size());
	}

	@ParameterizedTest
	@ValueSource(strings = { "switchboard.aws.route53.zone", "switchboard.events.sqs.queue",
			"switchboard.events.sns.topic" })
	void shouldLetCredentialsAndRegionInWithASetting(String setting) {
		MockEnvironment environment = new MockEnvironment().withProperty(setting, "Z123");
		assertThat(ofAws(filtered(environment))).hasSize(3)
			.allSatisfy((name) -> assertThat(name).startsWith("io.awspring.cloud.autoconfigure.core."));
	}

}
