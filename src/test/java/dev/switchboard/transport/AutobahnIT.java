package dev.switchboard.transport;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import me.normanmaurer.maven.autobahntestsuite.AutobahnTestSuite;
import org.json.simple.parser.JSONParser;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.python.util.PythonInterpreter;

import org.springframework.web.reactive.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;

/** The Autobahn test suite against an echo on both wires: RFC 6455 case by case. */
class AutobahnIT {

	private static final String GOOD = "(?s).* behavior: (OK|INFORMATIONAL), behaviorClose: (OK|INFORMATIONAL),.*";

	/** But for volume (9), and compression (12, 13), which is not offered. */
	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "DETACHED" })
	void shouldDoAsRfc6455SaysInEveryCase(WebSocketServer.Kind kind) throws Exception {
		List<String> results = results(kind, 1 << 20, List.of("*"), List.of("9.*", "12.*", "13.*"));
		assertThat(results).hasSizeGreaterThan(200).allSatisfy((result) -> assertThat(result).matches(GOOD));
	}

	/** Up to 16 MB, in fragments and pieces of down to 64 bytes. */
	@Tag("slow")
	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "DETACHED" })
	void shouldEchoAnyVolume(WebSocketServer.Kind kind) throws Exception {
		List<String> results = results(kind, 16 << 20, List.of("9.*"), List.of());
		assertThat(results).hasSize(54).allSatisfy((result) -> assertThat(result).matches(GOOD));
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
