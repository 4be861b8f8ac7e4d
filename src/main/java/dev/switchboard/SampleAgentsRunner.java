package dev.switchboard;

import java.net.URI;

import dev.switchboard.agent.SampleAgents;
import dev.switchboard.connection.AgentServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.stereotype.Component;

/**
 * Connects the sample agents of {@code dev} mode once the node is up, and tells how to
 * call one.
 */
@Component
@ConditionalOnProperty(name = "switchboard.security.mode", havingValue = "dev", matchIfMissing = true)
class SampleAgentsRunner implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

	private static final Logger LOG = LoggerFactory.getLogger(SampleAgentsRunner.class);

	private static final String TENANT = "demo";

	private final DevSettings settings;

	private final AgentServer agentServer;

	private @Nullable SampleAgents agents;

	SampleAgentsRunner(DevSettings settings, AgentServer agentServer) {
		this.settings = settings;
		this.agentServer = agentServer;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.settings.sampleAgents() == 0 || this.agents != null) {
			return;
		}
		URI url = URI.create("ws://127.0.0.1:" + this.agentServer.port());
		this.agents = new SampleAgents(url, TENANT, this.settings.sampleAgents());
		this.agents.start();
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
		LOG.info("""
				{} sample agents are connecting. Call one:

				    curl -s http://127.0.0.1:{}/v1/tenants/demo/agents/laptop-1/calls \\
				         -H 'Content-Type: application/json' -d '{"method": "echo", "payload": {"hello": "world"}}'
				""", this.settings.sampleAgents(), port);
	}

	@Override
	public void destroy() {
		if (this.agents != null) {
			this.agents.close();
		}
	}

}
