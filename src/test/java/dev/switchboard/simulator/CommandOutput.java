package dev.switchboard.simulator;

import java.io.PrintWriter;
import java.io.StringWriter;

import picocli.CommandLine;

/**
 * The end of one run of the command.
 *
 * @param status the exit status
 * @param out the standard output
 * @param err the standard error
 */
record CommandOutput(int status, String out, String err) {

	static CommandOutput of(String... args) {
		StringWriter out = new StringWriter();
		StringWriter err = new StringWriter();
		CommandLine command = SimulatorCommand.commandLine()
			.setOut(new PrintWriter(out, true))
			.setErr(new PrintWriter(err, true));
		int status = command.execute(args);
		return new CommandOutput(status, out.toString(), err.toString());
	}

}
