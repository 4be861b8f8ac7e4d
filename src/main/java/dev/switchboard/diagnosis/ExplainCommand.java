package dev.switchboard.diagnosis;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code explain}: prints the diagnosis of an agent for people. */
@Command(name = "explain", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		description = { "Says why an agent can be reached, or why it cannot.",
				"Any node answers. The token needs the scope agent:read.",
				"Exit status: 0 if the agent can be reached, 1 if not, 2 for a bad option, 3 if no node answered." })
public final class ExplainCommand implements Callable<Integer> {

	private static final int UNREACHABLE = 1;

	private static final int NO_ANSWER = 3;

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	@Parameters(index = "0", paramLabel = "TENANT", description = "the agent's tenant")
	private String tenant = "";

	@Parameters(index = "1", paramLabel = "AGENT", description = "the agent's id")
	private String agent = "";

	@Option(names = "--api", paramLabel = "URL", description = "the API of a node (${DEFAULT-VALUE})")
	private URI api = URI.create("http://localhost:8080");

	@Option(names = "--token", paramLabel = "TOKEN", description = "the caller's token, in jwt mode")
	private @Nullable String token;

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws InterruptedException {
		HttpRequest request = request();
		try (HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
			HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
			return print(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			return failed("No answer from " + this.api + ": " + ((ex.getMessage() != null) ? ex.getMessage() : ex));
		}
	}

	private HttpRequest request() {
		try {
			AgentId id = new AgentId(this.tenant, this.agent);
			String base = this.api.toString().replaceFirst("/+$", "");
			HttpRequest.Builder request = HttpRequest
				.newBuilder(URI.create(base + "/v1/tenants/" + id.tenant() + "/agents/" + id.agent() + "/diagnosis"))
				.timeout(PATIENCE);
			return ((this.token != null) ? request.header("Authorization", "Bearer " + this.token) : request).build();
		}
		catch (IllegalArgumentException ex) {
			throw new ParameterException(this.spec.commandLine(), String.valueOf(ex.getMessage()), ex);
		}
	}

	private int print(int status, byte[] body) {
		try {
			Envelope answer = Envelope.parse(body);
			if (status != 200) {
				return failed("The node answered " + status + ": " + DiagnosisText.printable(answer.string("detail")));
			}
			PrintWriter out = this.spec.commandLine().getOut();
			DiagnosisText.lines(answer).forEach(out::println);
			return answer.payload("reachable").text().equals("true") ? 0 : UNREACHABLE;
		}
		catch (JsonException ex) {
			return failed("What answered at " + this.api + " is not the API of a node: status " + status);
		}
	}

	private int failed(String message) {
		this.spec.commandLine().getErr().println(message);
		return NO_ANSWER;
	}

}
