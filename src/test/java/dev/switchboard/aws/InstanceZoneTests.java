package dev.switchboard.aws;

import java.net.URI;
import java.time.Duration;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;

class InstanceZoneTests {

	private static final String ITEM = "placement/availability-zone";

	private final WireMockServer server = TestAws.server();

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	private InstanceZone zone() {
		Backoff backoff = new Backoff(Duration.ofMillis(5), Duration.ofMillis(10), Chance.SYSTEM);
		return new InstanceZone(new InstanceMetadata(URI.create(this.server.baseUrl())), backoff);
	}

	@Test
	void shouldLearnTheZone() {
		new TestMetadata(this.server).item(ITEM, "one", "eu-central-1a");
		try (InstanceZone zone = zone()) {
			Awaitility.await().untilAsserted(() -> assertThat(zone.zone()).isEqualTo("eu-central-1a"));
		}
	}

	@Test
	void shouldLearnTheZoneOnceTheMetadataAnswer() {
		var away = this.server.stubFor(any(anyUrl()).atPriority(1).willReturn(serverError()));
		try (InstanceZone zone = zone()) {
			Awaitility.await().until(() -> this.server.findAll(anyRequestedFor(anyUrl())).size() > 2);
			assertThat(zone.zone()).isNull();
			new TestMetadata(this.server).item(ITEM, "one", "eu-central-1b");
			this.server.removeStub(away);
			Awaitility.await().untilAsserted(() -> assertThat(zone.zone()).isEqualTo("eu-central-1b"));
		}
	}

	@Test
	void shouldLeaveOutAZoneThatTheDirectoryCannotKeep() {
		TestMetadata metadata = new TestMetadata(this.server);
		metadata.item(ITEM, "one", "z".repeat(129));
		try (InstanceZone zone = zone()) {
			Awaitility.await().until(() -> this.server.findAll(anyRequestedFor(anyUrl())).size() >= 2);
			assertThat(zone.zone()).isNull();
		}
	}

}
