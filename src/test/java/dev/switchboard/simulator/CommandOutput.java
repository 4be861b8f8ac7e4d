package dev.switchboard.simulator;

import java.io.PrintWriter;
import java.io.StringWriter;

import picocli.CommandLine;

/**
 * What one run of the command ended with.
 *
 * @param status the exit status
 * @param out what it printed
 * @param err what it complained about
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
