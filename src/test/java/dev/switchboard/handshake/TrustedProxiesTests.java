package dev.switchboard.handshake;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TrustedProxiesTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.0.1", "10.9.9.9/8, 10.0.0.1", "192.0.2.7, 192.0.2.7", "0.0.0.0/0, 203.0.113.9",
			"fd00::/8, fd12::1", "2001:db8::1, 2001:db8::1", "::/0, 2001:db8::1", "10.0.0.0/8, ::ffff:10.0.0.1" })
	void shouldContainTheAddressesOfItsNetworks(String network, String address) {
		assertThat(contains(network, address)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 11.0.0.1", "192.0.2.7, 192.0.2.8", "0.0.0.0/0, 2001:db8::1", "::/0, 10.0.0.1",
			"fd00::/8, fe00::1" })
	void shouldContainNoOthers(String network, String address) {
		assertThat(contains(network, address)).isFalse();
	}

	@Test
	void shouldContainNothingByDefault() {
		TrustedProxies none = new TrustedProxies(List.of());
		assertThat(none.isEmpty()).isTrue();
		assertThat(none.contain(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1))).isFalse();
		assertThat(none.contain(null)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129",
			"10.0.0.0/8/8", "proxy.example/24" })
	void shouldRefuseWhatIsNoNetwork(String network) {
		assertThatIllegalArgumentException().isThrownBy(() -> new TrustedProxies(List.of(network)))
			.withMessageContaining("is not a network");
	}

	private static boolean contains(String network, String address) {
		return new TrustedProxies(List.of(network)).contain(new InetSocketAddress(AgentAddress.parse(address), 50_000));
	}

}
