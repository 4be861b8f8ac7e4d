package dev.switchboard.agent;

import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** A program of a user who has only the agent's jar and the JDK. */
final class AgentJarProgram {

	private AgentJarProgram() {
	}

	public static void main(String[] args) {
		CompletableFuture<IncomingPush> end = new CompletableFuture<>();
		SwitchboardAgent agent = SwitchboardAgent.builder()
			.url(URI.create(args[0]))
			.identity("demo", "alone")
			.handler("echo", IncomingCall::payload)
			.pushHandler("stop", end::complete)
			.build();
		try (agent) {
			agent.start().join();
			end.join();
		}
		System.out.println("stopped with " + agent.stopped().join());
	}

}
