package dev.switchboard;

import dev.switchboard.drain.ProcessEnd;
import dev.switchboard.log.UnblockedLog;
import dev.switchboard.loop.EventLoops;
import io.r2dbc.spi.R2dbcException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/** Starts the process: a gateway node, or one of the {@link Commands}. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Switchboard {

	private static final Logger logger = LoggerFactory.getLogger(Switchboard.class);

	public static void main(String[] args) {
		if (!Commands.isNode(args)) {
			System.exit(Commands.run(args));
		}
		Hooks.onErrorDropped(Switchboard::logDropped);
		SpringApplication application = new SpringApplication(Switchboard.class);
		application.addListeners(new UnblockedLog());
		application.run(args).getBean(ProcessEnd.class).handleSignals();
	}

	/**
	 * Logs one line for an error whose subscriber has gone; by default Reactor logs a
	 * stack trace. Logs nothing when an idle connection to the database ends, because
	 * servers close idle connections. Failed statements are logged where they fail.
	 */
	private static void logDropped(Throwable failure) {
		if (!(failure instanceof R2dbcException)) {
			logger.warn("An error had no subscriber any more: {}", failure.toString());
		}
		logger.debug("The dropped error", failure);
	}

	/** Provides the event loops that all listeners share. */
	@Bean
	ReactorResourceFactory reactorResourceFactory() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResourcesSupplier(EventLoops::create);
		return resources;
	}

}
