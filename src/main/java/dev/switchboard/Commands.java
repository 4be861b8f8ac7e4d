package dev.switchboard;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.regex.Pattern;

import dev.switchboard.diagnosis.ExplainCommand;
import dev.switchboard.simulator.SimulatorCommand;
import dev.switchboard.token.TokenCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line of the jar when it does not start a node. The command line of a node
 * has only settings.
 */
@Command(name = "switchboard", mixinStandardHelpOptions = true, versionProvider = Version.class,
		usageHelpAutoWidth = true, subcommands = { SimulatorCommand.class, TokenCommand.class, ExplainCommand.class },
		customSynopsis = { "java -jar switchboard.jar [--SETTING=VALUE ...]        a node",
				"       java -jar switchboard.jar COMMAND [OPTIONS]         something else" },
		description = { "%nWithout settings a node is in dev mode: on loopback only, without credentials, and with a"
				+ " directory in its own memory. Settings are Spring Boot properties, so each may also be an environment"
				+ " variable, or a line of application.yaml in the working directory. docs/operating.md says where they"
				+ " are listed; these come first (default):", "",
				"  --switchboard.security.mode=dev|jwt   whether credentials are asked for (dev)",
				"  --switchboard.dev.sample-agents=N     agents to try it with (0)",
				"  --server.port=PORT                    the API, and /docs (8080)",
				"  --switchboard.agent.port=PORT         agents (8090)",
				"  --management.server.port=PORT         health and metrics (9090)",
				"  --switchboard.forwarding.port=PORT    other nodes (8070)",
				"  --spring.r2dbc.url=r2dbc:mysql://...  the directory that nodes share (none: in memory)", "",
				"Commands and options:" })
final class Commands {

	/** The form of a setting, or of a switch of Spring Boot. */
	private static final Pattern SETTING = Pattern.compile("--(debug|trace|[A-Za-z][\\w-]*=.*|[A-Za-z][\\w-]*\\..*)",
			Pattern.DOTALL);

	private Commands() {
	}

	/** Whether these arguments start a node: there are none, or only settings. */
	static boolean isNode(String... args) {
		return Arrays.stream(args).allMatch((arg) -> SETTING.matcher(arg).matches());
	}

	/**
	 * Runs a command in this thread, without Spring.
	 * @return the process's exit status: 2 if the arguments are not understood
	 */
	static int run(String... args) {
		return execute(commandLine(), args);
	}

	static CommandLine commandLine() {
		CommandLine older = new CommandLine(SimulatorCommand.class);
		older.getCommandSpec().usageMessage().hidden(true);
		return new CommandLine(new Commands()).addSubcommand("fleet", older)
			.setParameterExceptionHandler((failure, _) -> misused(failure));
	}

	/**
	 * Runs a command, or refuses arguments that have a command after a setting. A node
	 * has no commands, and a command has no settings.
	 */
	static int execute(CommandLine command, String... args) {
		String[] rest = Arrays.stream(args).dropWhile(Commands::isNode).toArray(String[]::new);
		if (rest.length < args.length && !rest[0].startsWith("-")) {
			return misused(new ParameterException(command, "'" + rest[0]
					+ "' comes after a setting and is none: settings are written --NAME=VALUE, and commands come first"));
		}
		return command.execute(rest);
	}

	/**
	 * Prints what is wrong with the arguments, what was probably meant, and how to write
	 * the command.
	 * @return the exit status
	 */
	private static int misused(ParameterException failure) {
		CommandLine command = failure.getCommandLine();
		PrintWriter err = command.getErr();
		err.println(failure.getMessage());
		UnmatchedArgumentException.printSuggestions(failure, err);
		err.println();
		command.usage(err);
		return command.getCommandSpec().exitCodeOnInvalidInput();
	}

}
