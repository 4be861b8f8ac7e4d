package dev.switchboard.transport;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import org.json.simple.parser.JSONParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.python.util.PythonInterpreter;

import org.springframework.web.reactive.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** The Autobahn test suite against an echo on both wires: RFC 6455 case by case. */
class AutobahnIT {

	private static final String GOOD = "(?s).* behavior: (OK|INFORMATIONAL), behaviorClose: (OK|INFORMATIONAL),.*";

	private static final Set<WebSocketServer.Kind> KINDS = EnumSet.of(WebSocketServer.Kind.EPOLL,
			WebSocketServer.Kind.DETACHED);

	private static final int LARGE_MESSAGE = 16 << 20;

	/** But for volume (9), and compression (12, 13), which is not offered. */
	@Test
	void shouldDoAsRfc6455SaysInEveryCase() throws Exception {
		assertThat(resultsOfBoth(1 << 20, List.of("*"), List.of("9.*", "12.*", "13.*")))
			.allSatisfy((_, results) -> assertThat(results).hasSizeGreaterThan(200)
				.allSatisfy((result) -> assertThat(result).matches(GOOD)));
	}

	/** Up to 16 MB in one frame, and in fragments of down to 64 bytes. */
	@Tag("slow")
	@Test
	void shouldEchoAnyVolume() throws Exception {
		assertEchoed(WebSocketServer.Kind.DETACHED, List.of("9.1.*", "9.3.*"), 15);
	}

	/** In pieces of down to 64 bytes, and many small messages, too. */
	@Tag("night")
	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "DETACHED" })
	void shouldEchoAnyVolumeInAnyPieces(WebSocketServer.Kind kind) throws Exception {
		assertEchoed(kind, List.of("9.*"), 54);
	}

	private static void assertEchoed(WebSocketServer.Kind kind, List<String> cases, int number) throws Exception {
		assertThat(results(kind, LARGE_MESSAGE, cases, List.of())).hasSize(number)
			.allSatisfy((result) -> assertThat(result).matches(GOOD));
	}

	/** The results of both kinds of connections, which are tested side by side. */
	private static Map<WebSocketServer.Kind, List<String>> resultsOfBoth(int maxMessage, List<String> cases,
			List<String> excluded) throws Exception {
		Map<WebSocketServer.Kind, List<String>> results = new EnumMap<>(WebSocketServer.Kind.class);
		try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
			Map<WebSocketServer.Kind, Future<List<String>>> runs = new EnumMap<>(WebSocketServer.Kind.class);
			for (WebSocketServer.Kind kind : KINDS) {
				runs.put(kind, threads.submit(() -> results(kind, maxMessage, cases, excluded)));
			}
			for (WebSocketServer.Kind kind : KINDS) {
				results.put(kind, Objects.requireNonNull(runs.get(kind)).get());
			}
		}
		return results;
	}

	private static List<String> results(WebSocketServer.Kind kind, int maxMessage, List<String> cases,
			List<String> excluded) throws Exception {
		try (WebSocketServer server = new WebSocketServer(kind, new TransportSettings(maxMessage), (session) -> session
			.send(session.receive().filter((message) -> message.getType() != WebSocketMessage.Type.PONG)))) {
			return run("ws://127.0.0.1:" + server.port() + "/", cases, excluded);
		}
	}

	/**
	 * Runs it in a class loader of its own, for two reasons: its reactor starts only
	 * once, and Jython would take Netty's package {@code io} for Python's module.
	 */
	private static List<String> run(String url, List<String> cases, List<String> excluded) throws Exception {
		URL[] jars = Stream.of(AutobahnTestSuite.class, PythonInterpreter.class, JSONParser.class)
			.map((type) -> type.getProtectionDomain().getCodeSource().getLocation())
			.toArray(URL[]::new);
		Thread thread = Thread.currentThread();
		ClassLoader original = thread.getContextClassLoader();
		try (URLClassLoader isolated = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
			thread.setContextClassLoader(isolated);
			Object results = isolated.loadClass(AutobahnTestSuite.class.getName())
				.getMethod("runFuzzingClient", String.class, String.class, Map.class, List.class, List.class)
				.invoke(null, "switchboard", url, Map.of("version", 18), cases, excluded);
			return ((List<?>) results).stream().map(String::valueOf).toList();
		}
		finally {
			thread.setContextClassLoader(original);
		}
	}

}
