package dev.switchboard.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import dev.switchboard.problem.SettingsRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AddressGuardTests {

	private final AddressGuard guard = new AddressGuard(List.of());

	private static InetSocketAddress at(String address) throws Exception {
		return new InetSocketAddress(InetAddress.getByName(address), 443);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8.8.8.8", "1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001::1" })
	void shouldAllowPublicAddresses(String address) throws Exception {
		this.guard.check(at(address), true);
		assertThat(this.guard.allows(InetAddress.getByName(address), false)).as("without TLS").isFalse();
	}

	/**
	 * Among them are IPv4 addresses in IPv6 ones (OneUptime/oneuptime #2578,
	 * documenso/documenso #2901).
	 */
	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.8.9.1", "0.0.0.0", "0.1.2.3", "10.0.0.5", "172.16.0.1", "172.31.255.255",
			"192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.8", "198.18.0.1", "224.0.0.1", "255.255.255.255",
			"240.0.0.1", "::1", "::", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254",
			"64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "fe80::1", "fc00::1", "fd12:3456::1",
			"fec0::1", "ff02::1", "2001:db8::1", "100::1" })
	void shouldRefuseAddressesThatAreNotPublic(String address) throws Exception {
		InetSocketAddress remote = at(address);
		assertThatThrownBy(() -> this.guard.check(remote, true)).isInstanceOf(RefusedAddressException.class)
			.hasMessageContaining(remote.getAddress().getHostAddress())
			.hasMessageContaining("switchboard.events.webhooks.allowed-networks");
	}

	@Test
	void shouldAllowTheNetworksOfTheSetting() throws Exception {
		AddressGuard some = new AddressGuard(List.of("127.0.0.0/8", "fd00::/8"));
		some.check(at("127.0.0.1"), false);
		some.check(at("::ffff:127.0.0.1"), true);
		some.check(at("fd00::1"), true);
		some.check(at("8.8.8.8"), true);
		assertThat(some.allows(InetAddress.getByName("8.8.8.8"), false)).as("public, without TLS").isFalse();
		assertThat(some.allows(InetAddress.getByName("10.0.0.1"), true)).isFalse();
	}

	@Test
	void shouldRefuseAnAddressThatWasNotLookedUp() {
		assertThatThrownBy(() -> this.guard.check(InetSocketAddress.createUnresolved("example.com", 443), true))
			.isInstanceOf(RefusedAddressException.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.0/99", "10.0.0.0/x", "ten", "" })
	void shouldNameAnEntryThatIsNotANetwork(String entry) {
		assertThatExceptionOfType(SettingsRefusedException.class)
			.isThrownBy(() -> new AddressGuard(List.of("10.0.0.0/8", entry)))
			.withMessageEndingWith(": " + entry)
			.withMessageContaining("switchboard.events.webhooks.allowed-networks");
	}

}
