package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.util.List;

import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/** Checks what a trusted proxy's headers say about the client. */
class AgentAddressTests {

	private static final InetSocketAddress PROXY = new InetSocketAddress(AgentAddress.parse("10.0.0.1"), 40_000);

	private final AgentAddress addresses = new AgentAddress(new TrustedProxies(List.of("10.0.0.0/8", "fd00::/8")));

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "192.0.2.7 | 192.0.2.7:0", "192.0.2.7:51234 | 192.0.2.7:51234", "2001:db8::7 | [2001:db8::7]:0",
					"2001:db8:85a3:8d3:1319:8a2e:370:9c82 | [2001:db8:85a3:8d3:1319:8a2e:370:9c82]:0",
					"[2001:db8::7] | [2001:db8::7]:0", "[2001:DB8:0:0::7]:51234 | [2001:db8::7]:51234",
					"::ffff:192.0.2.7 | 192.0.2.7:0" })
	void shouldReadAddressesInEveryForm(String sent, String client) {
		assertThat(forwardedFor(sent)).isEqualTo(client);
	}

	/**
	 * Proxies add to the end of the header, so a client may have written its beginning.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "203.0.113.9, 192.0.2.7 | 192.0.2.7:0", "203.0.113.9, 192.0.2.7, 10.1.1.1 | 192.0.2.7:0",
					"203.0.113.9, 10.9.9.9, 192.0.2.7,10.1.1.1 , fd00::5 | 192.0.2.7:0",
					"10.3.3.3, 10.2.2.2 | 10.3.3.3:0", "evil, 192.0.2.7 | 192.0.2.7:0" })
	void shouldTakeTheLastAddressThatIsNoTrustedProxys(String sent, String client) {
		assertThat(forwardedFor(sent)).isEqualTo(client);
	}

	@Test
	void shouldReadSeveralLinesAsOneList() {
		assertThat(forwardedFor("203.0.113.9", "192.0.2.7", "10.1.1.1")).isEqualTo("192.0.2.7:0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ",", " , ,", "unknown", "_hidden", "localhost", "1.2.3", "192.0.2.7.", "[::1", "::1]",
			"[]", ":", ":80", "192.0.2.7:0:0", "192.0.2.7, unknown", "\u0000", "2001:db8::g" })
	void shouldNotGoBeyondWhatCannotBeRead(String sent) {
		assertThat(forwardedFor(sent)).isEqualTo("10.0.0.1:40000");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "192.0.2.7:", "192.0.2.7:port", "192.0.2.7:99999", "192.0.2.7:-1", "192.0.2.7:999999999999" })
	void shouldTakeTheAddressWithoutAPortThatIsNone(String sent) {
		assertThat(forwardedFor(sent)).isEqualTo("192.0.2.7:0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "for=192.0.2.7 | 192.0.2.7:0", "For=\"[2001:db8::7]:4711\";proto=https | [2001:db8::7]:4711",
					"by=10.0.0.1; FOR=192.0.2.7 | 192.0.2.7:0", "for=203.0.113.9, for=192.0.2.7;host=h | 192.0.2.7:0",
					"for=192.0.2.7, for=10.2.2.2 | 192.0.2.7:0", "for=192.0.2.7, for=unknown | 10.0.0.1:40000",
					"for=192.0.2.7, for=_gazonk | 10.0.0.1:40000", "for=192.0.2.7, proto=http | 10.0.0.1:40000",
					"for=\"192.0.2.7 | 10.0.0.1:40000", "for=\"192.0.2.7:_port\" | 192.0.2.7:0" })
	void shouldReadForwarded(String sent, String client) {
		HttpHeaders headers = new HttpHeaders();
		headers.add("Forwarded", sent);
		assertThat(client(headers)).isEqualTo(client);
	}

	/** A proxy that writes one header passes the other on as the client sent it. */
	@Test
	void shouldNotLetAClientChooseByTheOtherHeader() {
		HttpHeaders headers = new HttpHeaders();
		headers.add("X-Forwarded-For", "192.0.2.7");
		headers.add("Forwarded", "for=203.0.113.9");
		assertThat(client(headers)).isEqualTo("10.0.0.1:40000");
		headers.set("Forwarded", "for=\"192.0.2.7:4711\"");
		assertThat(client(headers)).isEqualTo("192.0.2.7:0");
	}

	@Test
	void shouldBeTheProxysWithoutAHeader() {
		assertThat(client(new HttpHeaders())).isEqualTo("10.0.0.1:40000");
	}

	private String forwardedFor(String... lines) {
		HttpHeaders headers = new HttpHeaders();
		headers.addAll("X-Forwarded-For", List.of(lines));
		return client(headers);
	}

	private String client(HttpHeaders headers) {
		return NetUtil.toSocketAddressString(this.addresses.client(PROXY, headers));
	}

}
