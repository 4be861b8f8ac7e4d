package dev.switchboard.token;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code token keys}: makes the keys with which {@code token} signs. */
@Command(name = "keys", mixinStandardHelpOptions = true, usageHelpAutoWidth = true,
		description = { "Makes a pair of keys (P-256, ES256) for 'token', and says how a node checks with them.",
				"Whoever has the private key can make a token for everything: it is for trials only.",
				"Exit status: 0, 1 if they cannot be written or are there already, 2 for a bad option." })
final class TokenKeysCommand implements Callable<Integer> {

	static final String FOLDER = "switchboard-keys";

	@Option(names = "--out", paramLabel = "FOLDER", description = "where to (${DEFAULT-VALUE})")
	private Path folder = Path.of(FOLDER);

	@Spec
	@SuppressWarnings("NullAway.Init")
	private CommandSpec spec;

	@Override
	public Integer call() throws GeneralSecurityException {
		PrintWriter out = this.spec.commandLine().getOut();
		try {
			DevKeys.write(this.folder);
		}
		catch (FileAlreadyExistsException ex) {
			this.spec.commandLine().getErr().println(ex.getMessage() + " is there already, and stays as it is");
			return 1;
		}
		catch (IOException ex) {
			this.spec.commandLine().getErr().println("The keys cannot be written: " + ex);
			return 1;
		}
		String resourceServer = "--spring.security.oauth2.resourceserver.jwt.";
		out.println("A node that checks tokens with them, and an agent's and a caller's token:");
		out.println();
		out.println("    java -jar switchboard.jar --switchboard.security.mode=jwt \\");
		out.println("        " + resourceServer + "public-key-location=file:" + this.folder.resolve(DevKeys.PUBLIC)
				+ " \\");
		out.println("        " + resourceServer + "audiences=switchboard");
		String key = " --key " + this.folder.resolve(DevKeys.PRIVATE);
		out.println("    java -jar switchboard.jar token --tenant demo --agent laptop-1" + key);
		out.println("    java -jar switchboard.jar token --tenant demo --scope agent:call" + key);
		return 0;
	}

}
