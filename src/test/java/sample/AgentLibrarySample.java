package sample;

import java.util.function.Supplier;

// sample
import dev.switchboard.agent.CallRejectedException;
import dev.switchboard.agent.IncomingCall;
import dev.switchboard.agent.SwitchboardAgent;
import dev.switchboard.json.Payload;

// end
/**
 * The sample of {@code docs/agent-library.md}. It is here so that the build compiles it.
 */
final class AgentLibrarySample {

	private AgentLibrarySample() {
	}

	static SwitchboardAgent agent(String url, Supplier<String> tokens) {
		// sample
		SwitchboardAgent agent = SwitchboardAgent.builder()
			.url(url)
			.token(tokens)
			.handler("echo", IncomingCall::payload)
			.handler("reboot", (call) -> {
				if (call.remaining().toSeconds() < 5) {
					throw new CallRejectedException("too-late", "a reboot takes five seconds");
				}
				call.chunk(Payload.parse("{\"progress\":50}"));
				return Payload.parse("{\"rebooted\":true}");
			})
			.pushHandler("log-level", (push) -> System.out.println(push.payload().text()))
			.build();
		agent.start().thenAccept((connected) -> System.out.println("connected to node " + connected.node()));
		// end
		return agent;
	}

}
