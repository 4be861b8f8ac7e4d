package dev.switchboard.token;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import com.nimbusds.jose.JOSEException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command {@code token}: signs a token, to try {@code jwt} mode without an identity
 * provider.
 */
@Command(name = "token", mixinStandardHelpOptions = true, sortOptions = false, usageHelpAutoWidth = true,
		subcommands = TokenKeysCommand.class,
		description = { "Signs a token with the key of 'token keys', to try jwt mode without an identity provider.",
				"It prints the token and nothing else: TOKEN=$(java -jar switchboard.jar token ...)",
				"For an agent: --tenant demo --agent till-7. For a caller: --tenant demo --scope agent:call.",
				"Exit status: 0, 1 if the key cannot be read, 2 for a bad option." })
public final class TokenCommand implements Callable<Integer> {

	private static final Pattern LIFE = Pattern.compile("[1-9]\\d{0,6}[smh]");

	private static final Pattern SCOPE = Pattern
		.compile("agent:(call|push)(:\\S+)?|agent:(connect|read)|events:read|metrics:read|admin");

	/** The longest life of a token that the command signs. */
	private static final Duration LONGEST_LIFE = Duration.ofHours(24);

	@Option(names = "--tenant", paramLabel = "TENANT", description = "the tenant, * for all")
	private @Nullable String tenant;

	@Option(names = "--agent", paramLabel = "ID", description = "the agent that may connect with it")
	private @Nullable String agent;

	@Option(names = "--scope", paramLabel = "SCOPE", split = "[ ,]+",
			description = {
					"what a caller may do: agent:call, agent:push, agent:read, events:read, metrics:read, admin;",
					"agent:call:config.* is for the methods that begin with config." })
	private List<String> scopes = List.of();

	@Option(names = "--subject", paramLabel = "NAME", description = "who the caller is (${DEFAULT-VALUE})")
	private String subject = "me";

	@Option(names = "--life", paramLabel = "TIME",
			description = "such as 30s, 15m or 24h, the longest (${DEFAULT-VALUE})")
	private String life = "1h";

	@Option(names = "--audience", paramLabel = "AUD", description = "whom it is for (${DEFAULT-VALUE})")
	private String audience = "switchboard";

	@Option(names = "--issuer", paramLabel = "ISS", description = "who signs it (${DEFAULT-VALUE})")
	private String issuer = "dev";

	@Option(names = "--key", paramLabel = "FILE", description = "the private key (${DEFAULT-VALUE})")
	private Path key = Path.of(TokenKeysCommand.FOLDER, DevKeys.PRIVATE);

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws JOSEException {
		DevToken token = token();
		try {
			ECPrivateKey signing = DevKeys.read(this.key);
			this.spec.commandLine().getOut().println(token.sign(signing, TimeSource.SYSTEM.now()));
			return 0;
		}
		catch (IOException | GeneralSecurityException ex) {
			this.spec.commandLine()
				.getErr()
				.println("No private key in " + this.key + " (" + ex.getMessage()
						+ "): make one with 'token keys', or name another one with --key");
			return 1;
		}
	}

	private DevToken token() {
		String tenants = identifier("--tenant", this.tenant);
		Duration lives = life();
		if (this.agent != null) {
			require(!"*".equals(this.agent), "--agent is one agent");
			require(this.scopes.isEmpty(), "--agent has the scope agent:connect, so --scope does not go with it");
			return new DevToken(this.issuer, this.audience, tenants, identifier("--agent", this.agent),
					List.of("agent:connect"), lives);
		}
		require(!this.scopes.isEmpty(), "--agent or --scope is missing");
		this.scopes.forEach((scope) -> require(SCOPE.matcher(scope).matches(), "there is no scope " + scope));
		return new DevToken(this.issuer, this.audience, tenants, this.subject, this.scopes, lives);
	}

	/**
	 * Returns the option's value: an identifier, or {@code *}, which stands for all
	 * tenants.
	 */
	private String identifier(String option, @Nullable String value) {
		require(value != null, option + " is missing");
		String id = String.valueOf(value);
		require(id.equals("*") || AgentId.isIdentifier(id), option + " is not an identifier");
		return id;
	}

	private Duration life() {
		require(LIFE.matcher(this.life).matches(), "--life is a number and s, m or h");
		Duration lives = Duration.parse("PT" + this.life);
		require(lives.compareTo(LONGEST_LIFE) <= 0, "--life is 24h at most");
		return lives;
	}

	private void require(boolean fact, String otherwise) {
		if (!fact) {
			throw new ParameterException(this.spec.commandLine(), otherwise);
		}
	}

}
