package dev.switchboard;

import java.util.Locale;
import java.util.function.IntSupplier;

import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.security.SecuritySettings;
import io.r2dbc.spi.ConnectionFactoryOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Logs once, when the node is ready, what its operator has to know: the mode, the node's
 * id, its directory, and the address of each listener.
 *
 * @param agentPort the port at which agents connect
 * @param forwardingPort the port at which other nodes connect; 0 if it is not open
 */
record StartReport(NodeId node, SecuritySettings security, DatabaseSettings database, IntSupplier agentPort,
		IntSupplier forwardingPort) implements ApplicationListener<ApplicationReadyEvent>, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(StartReport.class);

	/** Makes this report come before the lines about the sample agents. */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		double seconds = (event.getTimeTaken() != null) ? event.getTimeTaken().toMillis() / 1000.0 : 0;
		logger.info(text(event.getApplicationContext().getEnvironment(), seconds));
	}

	String text(Environment environment, double seconds) {
		String api = at(environment, "server.address", environment.getProperty("local.server.port", "?"));
		String agents = at(environment, "switchboard.agent.address", Integer.toString(this.agentPort.getAsInt()));
		return String.format(Locale.ROOT, """
				Node %s is ready after %.1f s, in %s mode
				    directory   %s
				    API         http://%s, described at http://%s/docs
				    agents      ws://%s/v1/connect
				    nodes       %s
				    management  http://%s/actuator""", this.node, seconds,
				this.security.mode().name().toLowerCase(Locale.ROOT), directory(), api, api, agents, nodes(environment),
				management(environment, api));
	}

	private String nodes(Environment environment) {
		int port = this.forwardingPort.getAsInt();
		return (port != 0) ? at(environment, "switchboard.forwarding.address", Integer.toString(port))
				: "none, since switchboard.forwarding.secret is not set";
	}

	private static String management(Environment environment, String api) {
		String port = environment.getProperty("local.management.port");
		return (port != null) ? at(environment, "management.server.address", port) : api;
	}

	/**
	 * Returns the URL of a listener. A listener without an address is on all addresses of
	 * this machine, so {@code localhost} reaches it.
	 */
	private static String at(Environment environment, String address, String port) {
		String host = environment.getProperty(address, "localhost");
		return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
	}

	/**
	 * Returns the directory in words. The database's URL may have a password, so only
	 * parts of it are shown.
	 */
	private String directory() {
		if (this.database.url() == null || !this.database.isShared()) {
			return "in the memory of this node, the only one";
		}
		ConnectionFactoryOptions options = ConnectionFactoryOptions.parse(this.database.url());
		return String.format(Locale.ROOT, "%s at %s, database %s", options.getValue(ConnectionFactoryOptions.DRIVER),
				options.getValue(ConnectionFactoryOptions.HOST), options.getValue(ConnectionFactoryOptions.DATABASE));
	}

}
