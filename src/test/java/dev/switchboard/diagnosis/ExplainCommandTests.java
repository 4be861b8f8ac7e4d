package dev.switchboard.diagnosis;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;

class ExplainCommandTests {

	private static final String ANSWER = "{\"reachable\":%s,\"because\":\"So it is.\",\"presence\":\"online\","
			+ "\"lastCloses\":[],\"refusedHandshakes\":[],\"recentCalls\":[],\"clonedFrom\":[]}";

	private final List<String> requests = new ArrayList<>();

	private final StringWriter out = new StringWriter();

	private final StringWriter err = new StringWriter();

	private int status = 200;

	private String answer = ANSWER.formatted("true");

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", (exchange) -> {
			this.requests
				.add(exchange.getRequestURI().getPath() + " " + exchange.getRequestHeaders().getFirst("Authorization"));
			byte[] body = this.answer.getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(this.status, body.length);
			exchange.getResponseBody().write(body);
			exchange.close();
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
	}

	@ParameterizedTest
	@CsvSource({ "true, 0", "false, 1" })
	void shouldPrintTheReasonAndSayByItsStatusWhetherTheAgentCanBeReached(boolean reachable, int exit) {
		this.answer = ANSWER.formatted(reachable);
		assertThat(run("demo", "till-7", "--token", "abc")).isEqualTo(exit);
		assertThat(this.out.toString()).startsWith("So it is.");
		assertThat(this.requests).containsExactly("/v1/tenants/demo/agents/till-7/diagnosis Bearer abc");
	}

	@Test
	void shouldSendNoTokenThatItDoesNotHave() {
		run("demo", "till-7");
		assertThat(this.requests).singleElement().asString().endsWith(" null");
	}

	@Test
	void shouldSayWhatTheNodeRefused() {
		this.status = 403;
		this.answer = "{\"detail\":\"The token lacks the scope agent:read\"}";
		assertThat(run("demo", "till-7")).isEqualTo(3);
		assertThat(this.err.toString()).contains("403", "The token lacks the scope agent:read");
		assertThat(this.out.toString()).isEmpty();
	}

	@Test
	void shouldSayThatSomethingElseAnswered() {
		this.answer = "<html>";
		assertThat(run("demo", "till-7")).isEqualTo(3);
		assertThat(this.err.toString()).contains("is not the API of a node");
	}

	@Test
	void shouldSayThatNobodyAnswers() {
		this.server.stop(0);
		assertThat(run("demo", "till-7")).isEqualTo(3);
		assertThat(this.err.toString()).contains("No answer from http://");
	}

	@ParameterizedTest
	@CsvSource({ "demo, ../x", "de mo, till-7", "demo, ''" })
	void shouldRefuseWhatIsNoAgent(String tenant, String agent) {
		assertThat(run(tenant, agent)).isEqualTo(2);
		assertThat(this.requests).isEmpty();
	}

	private int run(String... args) {
		String[] all = Stream
			.concat(Arrays.stream(args),
					Stream.of("--api", "http://127.0.0.1:" + this.server.getAddress().getPort() + "/"))
			.toArray(String[]::new);
		return new CommandLine(new ExplainCommand()).setOut(new PrintWriter(this.out, true))
			.setErr(new PrintWriter(this.err, true))
			.execute(all);
	}

}
