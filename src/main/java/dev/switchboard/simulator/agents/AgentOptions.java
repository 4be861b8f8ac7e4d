package dev.switchboard.simulator.agents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the command line: which agents to simulate, and how they connect. */
public final class AgentOptions {

	public @Option(names = "--agents", paramLabel = "N", description = "agents to connect") int agents;

	@Option(names = "--url", paramLabel = "URL", split = ",", defaultValue = "ws://127.0.0.1:8090",
			description = "agent port (${DEFAULT-VALUE}); of several, each attempt takes one by chance")
	public List<URI> urls = List.of();

	@Option(names = "--rate", paramLabel = "N", description = "connections a second (${DEFAULT-VALUE})")
	double rate = 2000;

	@Option(names = "--tenant", paramLabel = "ID", description = "tenant of the agents (${DEFAULT-VALUE})")
	public String tenant = "demo";

	@Option(names = "--prefix", paramLabel = "TEXT", description = "of agent ids, before a number (${DEFAULT-VALUE})")
	public String prefix = "agent-";

	@Option(names = "--first", paramLabel = "N",
			description = "number of the first agent, so that processes divide them (${DEFAULT-VALUE})")
	public int first;

	@Option(names = "--label", paramLabel = "NAME=VALUE",
			description = "label of every agent; # in the value becomes the agent's number")
	Map<String, String> labels = Map.of();

	@Option(names = "--token", paramLabel = "TOKEN", description = "bearer token of every agent")
	@Nullable String token;

	@Option(names = "--token-file", paramLabel = "FILE",
			description = "bearer tokens, a line each, in the agents' order")
	@Nullable Path tokenFile;

	@Option(names = "--threads", paramLabel = "N", description = "event loops (${DEFAULT-VALUE})")
	public int threads = 1;

	@Option(names = "--source-addresses", paramLabel = "N",
			description = "spread over 127.0.0.1 to 127.0.0.N, of some 28,000 ports each (${DEFAULT-VALUE})")
	int sourceAddresses = 1;

	public @Option(names = "--answer-delay-millis", paramLabel = "MAX|MIN-MAX",
			description = "answer after a random delay, so that answers overtake each other",
			converter = AnswersConverter.class) Answers answers = new Answers(0, 0);

	@Option(names = "--stop-reading", description = "read nothing after the welcome, as an agent that is stuck does")
	boolean stopReading;

	public @Option(names = "--reconnect",
			description = "connect anew, with jitter, whatever closed or failed") boolean reconnect;

	@Option(names = "--ignore-goaway", description = "do not connect anew when a node asks for it, with --reconnect")
	boolean ignoreGoAway;

	@Option(names = "--remember-pushes", paramLabel = "N",
			description = "durable pushes whose repetition is noticed, of all agents together (${DEFAULT-VALUE})")
	int rememberPushes = 200_000;

	/** Which events the agents send. */
	public final @Mixin EventOptions events = new EventOptions();

	private List<String> tokens = List.of();

	/**
	 * Checks the options and reads the token file.
	 * @throws IllegalArgumentException if they are not valid
	 */
	public void prepare() {
		require(this.agents >= 0 && this.first >= 0, "--agents and --first must not be negative");
		require(this.rate > 0, "--rate must be positive");
		require(this.threads > 0, "--threads must be positive");
		require(this.sourceAddresses > 0 && this.sourceAddresses < 255, "--source-addresses must be 1 to 254");
		require(this.rememberPushes > 0, "--remember-pushes must be positive");
		this.events.check();
		targets();
		agentId(0);
		if (this.tokenFile != null) {
			this.tokens = readTokens(this.tokenFile);
			require(this.tokens.size() >= this.agents, "--token-file has fewer lines than there are agents");
		}
	}

	private static List<String> readTokens(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/** Returns the agent ports. */
	List<Target> targets() {
		return this.urls.stream().map((url) -> Target.of(url, "ws", "/v1/connect")).toList();
	}

	/** Returns the id of the agent with this index. Indexes count from 0. */
	public AgentId agentId(int index) {
		return new AgentId(this.tenant, this.prefix + (this.first + index));
	}

	/** Returns the description that the agent sends; null if it sends none. */
	Frame.@Nullable Hello hello(int index) {
		if (this.labels.isEmpty()) {
			return null;
		}
		Map<String, String> own = new LinkedHashMap<>();
		String number = Integer.toString(this.first + index);
		this.labels.forEach((name, value) -> own.put(name, value.replace("#", number)));
		return new Frame.Hello(own, null);
	}

	/** Returns the agent's token; null if its identity is claimed in headers. */
	public @Nullable String token(int index) {
		return this.tokens.isEmpty() ? this.token : this.tokens.get(index);
	}

	/** Returns the address that the agent connects from; null leaves it to the kernel. */
	public @Nullable InetSocketAddress source(int index) {
		return (this.sourceAddresses == 1) ? null
				: new InetSocketAddress("127.0.0." + (1 + index % this.sourceAddresses), 0);
	}

}
