package sample;

import dev.switchboard.agent.AgentListener;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;

/** Answers calls of echo until the gateway no longer wants the agent. */
final class EchoAgent {

	private EchoAgent() {
	}

	public static void main(String[] args) {
		try (SwitchboardAgent agent = SwitchboardAgent.builder()
			.url(args[0])
			.identity("demo", "consumer")
			.handler("echo", IncomingCall::payload)
			.listener(new AgentListener() {
				@Override
				public void connected(Connected event) {
					System.out.println("connected to " + event.node());
				}
			})
			.build()) {
			agent.start().join();
			System.out.println("stopped with " + agent.stopped().join());
		}
	}

}
