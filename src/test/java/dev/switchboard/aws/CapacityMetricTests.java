package dev.switchboard.aws;

import java.time.Duration;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.matching.RequestPatternBuilder;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;

class CapacityMetricTests {

	private static final RequestPatternBuilder ANY = postRequestedFor(anyUrl());

	private final WireMockServer server = TestAws.server();

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	private CapacityMetric metric() {
		return new CapacityMetric(AwsCalls.client(TestAws.settings(this.server), CloudWatchClient.builder()),
				new CapacityMetricSettings("Switchboard", Duration.ofMillis(20)), "group-1", () -> 12.5, Chance.SYSTEM,
				TimeSource.SYSTEM);
	}

	private void awaitValues(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> this.server.findAll(ANY).size() >= count);
	}

	@Test
	void shouldSendTheValueAgainAndAgainThoughCloudWatchFails() {
		this.server.stubFor(any(anyUrl()).willReturn(serverError()));
		CapacityMetric metric = metric();
		metric.start();
		awaitValues(2);
		this.server.stubFor(any(anyUrl()).willReturn(ok()));
		awaitValues(4);
		metric.stop();
		String sent = this.server.findAll(ANY).getFirst().getBodyAsString();
		assertThat(sent).contains("Switchboard", "ConnectionsOfCapacity", "AutoScalingGroupName", "group-1", "Percent");
	}

}
