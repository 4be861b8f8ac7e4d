package dev.switchboard.dns;

import java.time.Duration;
import java.util.List;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class DnsSettingsTests {

	private static final String SECRET = "JTbGJiqcd3habjGcLbJEHGBt1KQlZfZasBvteM1IlnU=";

	private static DnsSettings pool(String pool, String... addresses) {
		return new DnsSettings(pool, List.of(addresses), Duration.ofSeconds(30), Duration.ofSeconds(30));
	}

	private static UpdateSettings server(String zone, String key, String algorithm, String secret) {
		return new UpdateSettings("ns.example.com", 53, zone, key, algorithm, secret);
	}

	@Test
	void shouldReadANameAsDnsComparesIt() {
		assertThat(pool("Agents.Example.COM.").poolName().text()).isEqualTo("agents.example.com");
	}

	@Test
	void shouldGiveEachNodeANameBelowThePool() {
		var node = TestIds.node();
		assertThat(pool("agents.example.com").poolName().of(node)).isEqualTo(node + ".agents.example.com");
	}

	@Test
	void shouldNameTheNodeInItsUrl() {
		var node = TestIds.node();
		assertThat(pool("agents.example.com").urlOf(node, "wss://{name}:8443"))
			.isEqualTo("wss://" + node + ".agents.example.com:8443");
		assertThat(pool("agents.example.com").urlOf(node, "wss://one.example.com")).isEqualTo("wss://one.example.com");
		assertThat(pool("agents.example.com").urlOf(node, null)).isNull();
	}

	@Test
	void shouldRefuseAUrlWithTheNameOfANodeThatHasNone() {
		DnsSettings none = new DnsSettings(null, List.of(), Duration.ofSeconds(30), Duration.ofSeconds(30));
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> none.urlOf(TestIds.node(), "wss://{name}"))
			.withMessageContainingAll("switchboard.agent.public-url", "switchboard.dns.pool");
	}

	@ParameterizedTest
	@ValueSource(strings = { "agents", "agents..example.com", "agents example.com", "-a.example.com", "ws://a.b" })
	void shouldRefuseAPoolThatIsNoName(String name) {
		assertThatExceptionOfType(SettingsRefusedException.class).isThrownBy(() -> pool(name).poolName())
			.withMessage("switchboard.dns.pool=" + name + " is no name of DNS.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "host.example.com", "0.0.0.0", "224.0.0.1", "::", "10.0.0.256" })
	void shouldRefuseAnAddressThatNoMachineHas(String address) {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> pool("agents.example.com", "192.0.2.1", address).parsedAddresses())
			.withMessageStartingWith("switchboard.dns.addresses has " + address + ",");
	}

	@Test
	void shouldReadAddressesOfBothFamilies() {
		assertThat(pool("agents.example.com", "192.0.2.1", "2001:db8::1").parsedAddresses())
			.containsExactlyInAnyOrderElementsOf(TestZone.addresses("192.0.2.1", "2001:db8::1"));
	}

	@Test
	void shouldTakeTheZoneThatContainsThePool() throws Exception {
		PoolName pool = pool("agents.example.com").poolName();
		assertThat(server("Example.com.", "key", "hmac-sha256", SECRET).zoneFor(pool))
			.isEqualTo(Name.fromString("example.com."));
		assertThatNoException().isThrownBy(() -> pool.requireWithin("agents.example.com", "zone"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "example.org", "ample.com", "x.agents.example.com" })
	void shouldRefuseAZoneThatDoesNotContainThePool(String zone) {
		PoolName pool = pool("agents.example.com").poolName();
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> server(zone, "key", "hmac-sha256", SECRET).zoneFor(pool))
			.withMessage("switchboard.dns.rfc2136.zone=" + zone
					+ " does not contain switchboard.dns.pool=agents.example.com.");
	}

	@ParameterizedTest
	@CsvSource({ "'',hmac-sha256," + SECRET + ",key-name", "key,hmac-sha3," + SECRET + ",key-algorithm",
			"key,hmac-sha256,'',key-secret", "key,hmac-sha256,not Base64!,key-secret" })
	void shouldRefuseAKeyWithAPartThatIsMissingOrWrong(String name, String algorithm, String secret, String setting) {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> server("example.com", name, algorithm, secret).key())
			.withMessageStartingWith("switchboard.dns.rfc2136." + setting);
	}

	@Test
	void shouldNotShowTheSecret() {
		assertThat(server("example.com", "key", "hmac-sha256", SECRET).toString()).doesNotContain(SECRET);
	}

}
