package dev.switchboard.dev;

import java.net.URI;
import java.util.function.IntSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Connects the sample agents of {@code dev} mode when the node is ready, and logs a
 * command that calls one of them.
 */
class SampleAgentsRunner implements ApplicationListener<ApplicationReadyEvent>, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(SampleAgentsRunner.class);

	private static final String TENANT = "demo";

	private final DevSettings settings;

	private final IntSupplier agentPort;

	private @Nullable SampleAgents agents;

	/**
	 * @param agentPort gives the agent port when the node is ready
	 */
	SampleAgentsRunner(DevSettings settings, IntSupplier agentPort) {
		this.settings = settings;
		this.agentPort = agentPort;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (this.settings.sampleAgents() == 0 || this.agents != null) {
			return;
		}
		URI url = URI.create("ws://127.0.0.1:" + this.agentPort.getAsInt());
		this.agents = new SampleAgents(url, TENANT, this.settings.sampleAgents(), Thread::sleep);
		this.agents.start();
		String port = event.getApplicationContext().getEnvironment().getProperty("local.server.port");
		logger.info("""
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
