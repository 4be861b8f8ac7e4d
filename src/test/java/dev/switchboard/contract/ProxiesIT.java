package dev.switchboard.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The addresses 127.0.1.0/24 are those of trusted proxies. */
@DisplayName("The agent port behind load balancers")
class ProxiesIT {

	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess
		.start("switchboard.agent.trusted-proxies=127.0.1.0/24,fd00::/8", "switchboard.agent.proxy-protocol=on");

	private final Caller caller = new Caller(GATEWAY);

	private final Identity me = Identity.fresh();

	@ParameterizedTest(name = "{0}")
	@CsvSource({ "TCP4 192.0.2.7 10.0.0.1 51234 8090, 192.0.2.7:51234",
			"TCP6 2001:db8:0:0:0:0:0:7 fd00::1 51234 8090, [2001:db8::7]:51234" })
	@DisplayName("PROXY protocol of a trusted proxy | the address that it reports, and a working connection")
	void shouldShowTheAddressThatAProxyReports(String header, String address) throws Exception {
		try (TestAgent agent = connect(proxied(header), this.me)) {
			assertThat(remoteAddress()).isEqualTo(address);
			this.caller.assertQuiet(this.me, agent);
		}
	}

	@Test
	@DisplayName("X-Forwarded-For of a trusted proxy behind another | the last address that is not trusted")
	void shouldShowTheAddressThatAProxyBehindAnotherReports() throws Exception {
		RawHttp http = proxied("TCP6 fd00::5 fd00::1 51234 8090");
		try (TestAgent _ = RawSocketAgent.connect(http, claim("X-Forwarded-For: 203.0.113.9, 2001:db8::7,fd00::9"))) {
			assertThat(remoteAddress()).isEqualTo("[2001:db8::7]");
		}
	}

	@Test
	@DisplayName("headers of anybody else | not believed")
	void shouldNotBelieveAnybodyElse() throws Exception {
		try (TestAgent _ = RawSocketAgent.connect(RawHttp.open(GATEWAY.agentPort()),
				claim("X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9"))) {
			assertThat(remoteAddress()).startsWith("127.0.0.1:");
		}
		try (RawHttp http = RawHttp.open(GATEWAY.agentPort())) {
			http.write("PROXY TCP4 203.0.113.9 10.0.0.1 1 2\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(http.readResponse().status()).isEqualTo(400);
		}
	}

	@Test
	@DisplayName("GET /healthz, of a proxy itself (PROXY UNKNOWN) or of anybody | 200")
	void shouldAnswerHealthChecks() throws Exception {
		try (RawHttp http = proxied("UNKNOWN")) {
			http.head("GET /healthz", "Host: localhost");
			assertThat(http.readResponse().status()).isEqualTo(200);
		}
		assertThat(RawHttp.get(GATEWAY.agentPort(), "/healthz").status()).isEqualTo(200);
	}

	private static RawHttp proxied(String header) throws IOException {
		RawHttp http = RawHttp.open(GATEWAY.agentPort(), 1);
		http.write(("PROXY " + header + "\r\n").getBytes(StandardCharsets.US_ASCII));
		return http;
	}

	private static TestAgent connect(RawHttp http, Identity identity) throws Exception {
		return RawSocketAgent.connect(http, identity);
	}

	private String[] claim(String... more) {
		String[] lines = new String[more.length + 3];
		System.arraycopy(more, 0, lines, 3, more.length);
		lines[0] = "Switchboard-Tenant: " + this.me.tenant();
		lines[1] = "Switchboard-Agent: " + this.me.agent();
		lines[2] = "Sec-WebSocket-Protocol: switchboard.v1.json";
		return lines;
	}

	private String remoteAddress() throws Exception {
		return Json.parse(this.caller.get(this.me.path())).get("remoteAddress").asString();
	}

}
