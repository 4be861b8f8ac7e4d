package dev.switchboard.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.switchboard.GatewayProcess;
import dev.switchboard.database.MariaDbServer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("debian")
@DisplayName("A pool of three nodes in a real DNS server")
class PoolInDnsIT {

	private static final String POOL = "agents.example.com";

	@AutoClose
	private final KnotServer dns = new KnotServer();

	private final MariaDbServer server = MariaDbServer.shared();

	private final String database = this.server.createDatabase();

	private final GatewayProcess first = node("127.0.0.11");

	private final GatewayProcess second = node("127.0.0.12,::1");

	private final GatewayProcess third = node("127.0.0.13");

	private GatewayProcess node(String addresses) {
		return GatewayProcess.launch(Stream.concat(Stream.of(this.dns.options()),
				Stream.of("spring.r2dbc.url=" + this.server.url(this.database), "spring.r2dbc.username=root",
						"switchboard.node.lease=5s", "switchboard.dns.addresses=" + addresses,
						"switchboard.agent.public-url=ws://{name}:8090"))
			.toArray(String[]::new));
	}

	@Test
	@DisplayName("| is resolved as nodes come, drain, leave, die and come back, and while the server is away nothing happens")
	void shouldHaveTheAddressesOfTheNodesThatLive() {
		try (this.first; this.second; this.third) {
			Stream.of(this.first, this.second, this.third).forEach(GatewayProcess::awaitReady);
			awaitPool("127.0.0.11", "127.0.0.12", "127.0.0.13");
			await().until(() -> this.dns.resolve(POOL, "AAAA").equals(Set.of("::1")));
			assertThat(this.dns.resolve("_switchboard." + POOL, "TXT")).hasSize(3);

			drainAndTakeBack();

			String ofThird = nameOf("127.0.0.13");
			this.third.kill();
			awaitPool("127.0.0.11", "127.0.0.12");
			assertThat(this.dns.resolve(ofThird, "A")).isEmpty();
			assertThat(this.first.log() + this.second.log()).contains("had left there: 127.0.0.13");

			this.second.stop();
			assertThat(this.dns.resolve(POOL, "A")).containsExactly("127.0.0.11");
			assertThat(this.dns.resolve(POOL, "AAAA")).isEmpty();

			surviveALossOfTheServer();
		}
	}

	/** An operator's drain takes a node out, and its end puts the node back. */
	private void drainAndTakeBack() {
		String id = nameOf("127.0.0.11").replace("." + POOL, "");
		assertThat(send("POST", "/v1/nodes/" + id + "/drain")).isEqualTo(202);
		awaitPool("127.0.0.12", "127.0.0.13");
		assertThat(send("DELETE", "/v1/nodes/" + id + "/drain")).isEqualTo(200);
		awaitPool("127.0.0.11", "127.0.0.12", "127.0.0.13");
	}

	private int send(String method, String path) {
		try (HttpClient http = HttpClient.newHttpClient()) {
			HttpRequest request = HttpRequest.newBuilder(this.first.api(path))
				.method(method, BodyPublishers.noBody())
				.timeout(Duration.ofSeconds(60))
				.build();
			return http.send(request, BodyHandlers.discarding()).statusCode();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void surviveALossOfTheServer() {
		this.dns.stop();
		await().until(() -> this.first.log().contains("is not up to date, trying again"));
		assertThat(this.first.readiness()).isEqualTo(200);
		try (GatewayProcess late = node("127.0.0.14")) {
			late.awaitReady();
			this.dns.start();
			awaitPool("127.0.0.11", "127.0.0.14");
			late.kill();
			comeBackOnTheSameAddress();
		}
	}

	/**
	 * The new process takes its predecessor's entry over, and takes it out as its own.
	 */
	private void comeBackOnTheSameAddress() {
		try (GatewayProcess back = node("127.0.0.14")) {
			back.awaitReady();
			await().until(() -> this.dns.resolve("_switchboard." + POOL, "TXT").size() == 2);
			assertThat(this.dns.resolve(POOL, "A")).containsExactlyInAnyOrder("127.0.0.11", "127.0.0.14");
			back.stop();
			awaitPool("127.0.0.11");
		}
	}

	/**
	 * Returns the name with which the node of this address tells agents to come to it.
	 */
	private String nameOf(String address) {
		return this.server
			.select("SELECT agent_url FROM " + this.database + ".nodes",
					(row) -> Objects.requireNonNull(row.get(0, String.class)))
			.stream()
			.map((url) -> url.replaceAll("^ws://|:8090$", ""))
			.filter((name) -> this.dns.resolve(name, "A").contains(address))
			.findFirst()
			.orElseThrow();
	}

	private void awaitPool(String... addresses) {
		await().untilAsserted(() -> assertThat(this.dns.resolve(POOL, "A")).containsExactlyInAnyOrder(addresses));
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
	}

}
