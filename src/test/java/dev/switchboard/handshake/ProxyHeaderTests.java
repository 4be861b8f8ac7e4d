package dev.switchboard.handshake;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.listener.DescriptorReserve;
import dev.switchboard.listener.HttpGates;
import dev.switchboard.listener.ListenerSettings;
import dev.switchboard.listener.PortGuards;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The agent port behind proxies, over sockets: 127.0.2.0/24 are the trusted ones. */
class ProxyHeaderTests {

	private static final String PROXY = "127.0.2.1";

	private static final String STRANGER = "127.0.0.1";

	private static final byte[] SIGNATURE = { 13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10 };

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final LoopResources loops = LoopResources.create("proxy-header-test", 1, true);

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final TrustedProxies proxies = new TrustedProxies(List.of("127.0.2.0/24"));

	private final AgentAddress addresses = new AgentAddress(this.proxies);

	private final SourceAdmission sources = Sources.admission(List.of("127.0.2.0/24"), TimeSource.SYSTEM);

	private final PortGuards ports = new PortGuards(
			new ListenerSettings(TIMEOUT, TIMEOUT, TIMEOUT, 100, 100, 100, 100, 100), DescriptorReserve.ofProcess(),
			this.meters, Chance.SYSTEM, TimeSource.SYSTEM);

	private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

	private final AgentServer server = new AgentServer(
			new AgentPortSettings(0, "127.0.0.1", 100, null, PlacementRule.NEWEST, Duration.ofSeconds(20), null),
			(request, response) -> {
				InetSocketAddress address = this.addresses.of(request);
				this.seen.add((address != null) ? NetUtil.toSocketAddressString(address) : "none");
				return response.setComplete();
			}, new HandshakeAdmission(100, 100, this.sources, List.of(), TimeSource.SYSTEM), new ConnectionRegistry(),
			this.loops, () -> 0, new AcceptFailures(this.meters, TimeSource.SYSTEM),
			new ProxyHeader(this.proxies, this.meters, TimeSource.SYSTEM),
			new AgentDoor(new HttpGates(this.meters, TimeSource.SYSTEM, CallAdmission.Loops.ALWAYS, Chance.SYSTEM,
					this.ports), this.ports, this.sources, this.addresses, (_) -> {
					}, Chance.SYSTEM, null),
			new HandshakeBytes(ByteBudget.unlimited(), Chance.SYSTEM), TimeSource.SYSTEM);

	private @Nullable Socket socket;

	@BeforeEach
	void start() {
		this.server.start();
	}

	@AfterEach
	void stop() throws IOException {
		if (this.socket != null) {
			this.socket.close();
		}
		this.server.stop();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PROXY TCP4 192.0.2.7 10.0.0.1 51234 8090\r\n",
			"PROXY TCP6 2001:db8:0:0::7 fd00::1 51234 8090\r\n" })
	void shouldTakeTheAddressOfVersion1(String header) throws Exception {
		send(PROXY, ascii(header), request());
		assertThat(address()).isIn("192.0.2.7:51234", "[2001:db8::7]:51234");
	}

	@Test
	void shouldTakeTheAddressOfVersion2() throws Exception {
		send(PROXY,
				v2(0x21, 0x11, new byte[] { (byte) 192, 0, 2, 7, 10, 0, 0, 1, (byte) 0xC8, 0x22, 0x1F, (byte) 0x9A }),
				request());
		assertThat(address()).isEqualTo("192.0.2.7:51234");
	}

	@Test
	void shouldTakeTheAddressOfIpVersion6AndPassOverExtensions() throws Exception {
		byte[] addresses = new byte[36 + 3 + 500];
		System.arraycopy(NetUtil.createByteArrayFromIpAddressString("2001:db8::7"), 0, addresses, 0, 16);
		addresses[32] = (byte) 0xC8;
		addresses[33] = 0x22;
		addresses[36] = (byte) 0xEA; // the extension of a load balancer
		addresses[37] = 500 >> 8;
		addresses[38] = (byte) 500;
		send(PROXY, v2(0x21, 0x21, addresses), request());
		assertThat(address()).isEqualTo("[2001:db8::7]:51234");
	}

	/**
	 * Load balancers mark their health checks as their own connections. AWS adds
	 * addresses that do not count.
	 */
	@Test
	void shouldTakeTheProxysOwnConnectionForWhatItIs() throws Exception {
		byte[] dummy = { 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 0, 2 };
		for (byte[] header : List.of(v2(0x20, 0x00, new byte[0]), v2(0x20, 0x11, dummy), v2(0x21, 0x00, new byte[0]),
				ascii("PROXY UNKNOWN\r\n"), ascii("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n"))) {
			send(PROXY, header, request());
			assertThat(address()).startsWith(PROXY + ":");
		}
	}

	@Test
	void shouldWaitForAHeaderThatComesInPieces() throws Exception {
		byte[] whole = v2(0x21, 0x11,
				new byte[] { (byte) 192, 0, 2, 7, 10, 0, 0, 1, (byte) 0xC8, 0x22, 0x1F, (byte) 0x9A });
		Socket connected = connect(PROXY);
		for (byte each : whole) {
			connected.getOutputStream().write(each);
			connected.getOutputStream().flush();
		}
		connected.getOutputStream().write(request());
		assertThat(address()).isEqualTo("192.0.2.7:51234");
	}

	@Test
	void shouldFollowTheHeadersOfATrustedProxyBehindTheFirst() throws Exception {
		send(PROXY, ascii("PROXY TCP4 127.0.2.9 10.0.0.1 51234 8090\r\n"), request("X-Forwarded-For: 192.0.2.7"));
		assertThat(address()).isEqualTo("192.0.2.7:0");
	}

	@Test
	void shouldNotBelieveTheHeadersOfAClient() throws Exception {
		send(PROXY, ascii("PROXY TCP4 192.0.2.7 10.0.0.1 51234 8090\r\n"), request("X-Forwarded-For: 203.0.113.9"));
		assertThat(address()).isEqualTo("192.0.2.7:51234");
		send(STRANGER, request("X-Forwarded-For: 203.0.113.9"));
		assertThat(address()).startsWith(STRANGER + ":");
	}

	/** If the proxy sends no header, a client behind it could send one. */
	@ParameterizedTest
	@ValueSource(strings = { "GET / HTTP/1.1\r\nHost: h\r\n\r\n", "PROXY TCP4 192.0.2.7\r\n", "PROXY TCP4 a b c d\r\n",
			"PROXY TCP4 192.0.2.7 10.0.0.1 99999 8090\r\n" })
	void shouldCloseAConnectionOfAProxyWithoutAHeader(String sent) throws Exception {
		send(PROXY, ascii(sent));
		assertThat(new String(connected().getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).isEmpty();
		assertThat(this.seen).isEmpty();
		await().until(() -> this.meters.get("switchboard.proxy.headers.refused").counter().count() == 1);
	}

	@Test
	void shouldTakeTheHeaderOfAStrangerForAMalformedRequest() throws Exception {
		for (byte[] header : List.of(ascii("PROXY TCP4 192.0.2.7 10.0.0.1 51234 8090\r\n"),
				v2(0x21, 0x11, new byte[12]))) {
			send(STRANGER, header);
			assertThat(new String(connected().getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 400");
		}
		assertThat(this.seen).isEmpty();
	}

	private String address() throws InterruptedException {
		String address = this.seen.poll(30, TimeUnit.SECONDS);
		if (address == null) {
			throw new AssertionError("no request came");
		}
		return address;
	}

	private void send(String from, byte[]... parts) throws IOException {
		Socket connected = connect(from);
		for (byte[] part : parts) {
			connected.getOutputStream().write(part);
		}
		connected.getOutputStream().flush();
	}

	private Socket connect(String from) throws IOException {
		if (this.socket != null) {
			this.socket.close();
		}
		Socket opened = new Socket();
		this.socket = opened;
		opened.setTcpNoDelay(true);
		opened.setSoTimeout(30_000);
		opened.bind(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(from), 0));
		opened.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.server.port()));
		return opened;
	}

	private Socket connected() {
		if (this.socket == null) {
			throw new AssertionError("not connected");
		}
		return this.socket;
	}

	private static byte[] request(String... headerLines) {
		return ascii("GET / HTTP/1.1\r\nHost: h\r\n" + String.join("\r\n", headerLines)
				+ ((headerLines.length > 0) ? "\r\n\r\n" : "\r\n"));
	}

	private static byte[] v2(int command, int family, byte[] addresses) {
		return ByteBuffer.allocate(16 + addresses.length)
			.put(SIGNATURE)
			.put((byte) command)
			.put((byte) family)
			.putShort((short) addresses.length)
			.put(addresses)
			.array();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
