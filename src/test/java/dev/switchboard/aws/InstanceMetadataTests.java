package dev.switchboard.aws;

import java.net.URI;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.switchboard.dns.DnsException;
import dev.switchboard.dns.TestZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class InstanceMetadataTests {

	private final WireMockServer server = TestAws.server();

	@BeforeEach
	void start() {
		this.server.start();
		this.service = new TestMetadata(this.server);
		this.metadata = new InstanceMetadata(URI.create(this.server.baseUrl()));
	}

	@AfterEach
	void stop() {
		this.server.stop();
	}

	@SuppressWarnings("NullAway.Init")
	private TestMetadata service;

	@SuppressWarnings("NullAway.Init")
	private InstanceMetadata metadata;

	@Test
	void shouldReadItemsWithOneToken() {
		this.service.item("instance-id", "one", "i-0123\n");
		this.service.item("placement/availability-zone", "one", "eu-central-1a");
		assertThat(this.metadata.get("instance-id").block()).isEqualTo("i-0123");
		assertThat(this.metadata.get("placement/availability-zone").block()).isEqualTo("eu-central-1a");
		this.server.verify(1, putRequestedFor(anyUrl()));
	}

	@Test
	void shouldTakeAFreshTokenWhenTheOldOneIsRefused() {
		this.service.item("instance-id", "one", "i-1");
		assertThat(this.metadata.get("instance-id").block()).isEqualTo("i-1");
		this.service.token("two");
		this.service.item("instance-id", "two", "i-2");
		assertThat(this.metadata.get("instance-id").block()).isEqualTo("i-2");
	}

	@Test
	void shouldHaveNoItemThatTheInstanceDoesNotHave() {
		assertThat(this.metadata.get("spot/instance-action").blockOptional()).isEmpty();
	}

	@Test
	void shouldFailWhenTheServiceFails() {
		this.server.stubFor(any(anyUrl()).atPriority(1).willReturn(serverError()));
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.metadata.get("instance-id").block())
			.withMessageContaining("500");
	}

	@Test
	void shouldReadPublicAddressesOfBothFamilies() {
		this.service.item("public-ipv4", "one", "198.51.100.7");
		this.service.item("ipv6", "one", "2001:db8::7");
		this.service.item("local-ipv4", "one", "10.0.0.7");
		assertThat(this.metadata.addresses(MetadataSettings.Addresses.PUBLIC).block())
			.isEqualTo(TestZone.addresses("198.51.100.7", "2001:db8::7"));
		assertThat(this.metadata.addresses(MetadataSettings.Addresses.PRIVATE).block())
			.isEqualTo(TestZone.addresses("10.0.0.7"));
	}

	@Test
	void shouldSayThatTheInstanceHasNoPublicAddress() {
		assertThatExceptionOfType(DnsException.class)
			.isThrownBy(() -> this.metadata.addresses(MetadataSettings.Addresses.PUBLIC).block())
			.withMessage("this instance has no address of the kind PUBLIC");
	}

	@Test
	void shouldSayThatTheServiceIsAway() {
		this.server.stop();
		assertThatExceptionOfType(DnsException.class)
			.isThrownBy(() -> this.metadata.addresses(MetadataSettings.Addresses.PUBLIC).block())
			.withMessageStartingWith("the instance metadata do not answer");
	}

}
