package dev.switchboard.agent;

import java.net.URI;

/** A program of a user who has only the agent's jar and the JDK. */
final class AgentJarProgram {

	private AgentJarProgram() {
	}

	public static void main(String[] args) {
		try (SwitchboardAgent agent = SwitchboardAgent.builder()
			.url(URI.create(args[0]))
			.identity("demo", "alone")
			.handler("echo", IncomingCall::payload)
			.build()) {
			agent.start().join();
			System.out.println("stopped with " + agent.stopped().join());
		}
	}

}
