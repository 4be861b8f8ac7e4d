package dev.switchboard.contract;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.switchboard.GatewayProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Tag("slow")
@DisplayName("Connections that come and go leave nothing behind")
class ChurnIT {

	/** {@code .ci/run} sets more; {@code mvn verify} is to end soon. */
	private static final int CONNECTIONS = Integer.getInteger("switchboard.churn", 20_000);

	private static final int CUTS = 10_000;

	private static final int WARM_UP = 2_000;

	private static final int THREADS = 16;

	/**
	 * Without events of presence: the embedded database has the event log in the memory
	 * of this process, and the log keeps two events of each connection for a day.
	 */
	@AutoClose
	private static final GatewayProcess GATEWAY = GatewayProcess.start("switchboard.agent.handshake-rate=1000000",
			"switchboard.agent.source.failure-burst=1000000", "switchboard.call.default-wait=60s",
			"switchboard.events.presence=false", "-Dio.netty.leakDetection.level=simple");

	/** Creates the objects that the process creates only once. */
	@BeforeAll
	static void warmUp() throws Exception {
		new Neighbour(GATEWAY).close();
		each(WARM_UP, ChurnIT::connectAndClose);
		each(WARM_UP, ChurnIT::cut);
	}

	@Test
	@DisplayName("connects and closes | descriptors, connections, objects, heap and direct memory are as before")
	void shouldHoldNothingOfConnectionsThatCameAndWent() throws Exception {
		Holdings before = Holdings.atRest(GATEWAY);
		try (TestAgent _ = RawSocketAgent.connect(GATEWAY, Identity.fresh())) {
			Holdings one = Holdings.of(GATEWAY);
			assertThat(one.count("AgentConnection")).isOne();
			assertThat(one.count("LeanSession")).isOne();
			assertThat(one.count("DetachedSocket")).isOne();
			assertThat(one.count("EpollIoHandler$DefaultEpollIoRegistration")).isPositive();
		}
		each(CONNECTIONS, ChurnIT::connectAndClose);
		before.awaitBack(GATEWAY);
	}

	@Test
	@DisplayName("handshakes cut after every byte, and within the first frame | as before, and calls go on")
	void shouldHoldNothingOfHandshakesThatWereCut() throws Exception {
		Holdings before = Holdings.atRest(GATEWAY);
		try (Neighbour neighbour = new Neighbour(GATEWAY)) {
			each(CUTS, (number) -> {
				cut(number);
				if (number % (CUTS / 4) == 0) {
					neighbour.assertUndisturbed();
				}
			});
			neighbour.assertUndisturbed();
		}
		before.awaitBack(GATEWAY);
	}

	/** By the closing handshake, the end of the socket, or a reset, in turn. */
	private static void connectAndClose(int number) throws Exception {
		RawHttp http = RawHttp.open(GATEWAY.agentPort(), number);
		try (RawSocketAgent agent = RawSocketAgent.connect(http, identity(number))) {
			switch (number % 3) {
				case 0 -> {
					agent.sendFrame(WireFrame.FIN_CLOSE, (byte) 3, (byte) 0xE8);
					assertThat(agent.awaitClose()).isEqualTo(1000);
				}
				case 1 -> agent.die();
				default -> {
					// Just ends.
				}
			}
		}
	}

	private static void cut(int number) throws IOException {
		byte[] handshake = RawSocketAgent.handshakeBytes(identity(number));
		byte[] frame = RawSocketAgent.frame(WireFrame.FIN_TEXT,
				"{\"type\":\"hello\",\"agentVersion\":\"1\"}".getBytes(StandardCharsets.UTF_8));
		int places = handshake.length + frame.length;
		int place = 1 + number % places;
		try (RawHttp http = RawHttp.open(GATEWAY.agentPort(), number)) {
			http.write(Arrays.copyOf(handshake, Math.min(place, handshake.length)));
			if (place > handshake.length) {
				assertThat(http.readResponse().status()).isEqualTo(101);
				http.write(Arrays.copyOf(frame, place - handshake.length));
			}
			if ((number / places + number) % 2 == 0) {
				http.reset();
			}
			else {
				http.socket().shutdownOutput();
				awaitEnd(http);
			}
		}
	}

	private static void awaitEnd(RawHttp http) throws IOException {
		try {
			http.in().readAllBytes();
		}
		catch (SocketException ex) {
			assertThat(ex).hasMessageContaining("reset");
		}
	}

	/** So few agents that the directory soon has a row for each, and adds no more. */
	private static Identity identity(int number) {
		return new Identity("churn", "agent-" + (1000 + number % 1000));
	}

	/** Something that is done for each number. */
	private interface Numbered {

		void run(int number) throws Exception;

	}

	private static void each(int count, Numbered task) throws Exception {
		AtomicInteger next = new AtomicInteger();
		Callable<Void> some = () -> {
			for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
				task.run(i);
			}
			return null;
		};
		try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
			for (Future<Void> each : threads.invokeAll(IntStream.range(0, THREADS).mapToObj((_) -> some).toList())) {
				each.get();
			}
		}
		catch (ExecutionException ex) {
			throw new AssertionError(ex.getCause());
		}
	}

}
