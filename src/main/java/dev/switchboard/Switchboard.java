package dev.switchboard;

import java.util.Arrays;

import dev.switchboard.loop.EventLoops;
import dev.switchboard.simulator.SimulatorCommand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Hooks;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * The process: a gateway node, or, with {@code simulator} as its first argument, the
 * simulator of agents.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Switchboard {

	private static final Logger logger = LoggerFactory.getLogger(Switchboard.class);

	public static void main(String[] args) {
		if (args.length > 0 && SimulatorCommand.isNamed(args[0])) {
			System.exit(SimulatorCommand.run(Arrays.copyOfRange(args, 1, args.length)));
		}
		Hooks.onErrorDropped(Switchboard::logDropped);
		SpringApplication.run(Switchboard.class, args);
	}

	/**
	 * Logs one line for an error whose subscriber has gone. When a killed database ends
	 * its connections, the driver would log a stack trace for each.
	 */
	private static void logDropped(Throwable failure) {
		logger.warn("An error had no subscriber any more: {}", failure.toString());
		logger.debug("The dropped error", failure);
	}

	/** The event loops that all listeners share. */
	@Bean
	ReactorResourceFactory reactorResourceFactory() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResourcesSupplier(EventLoops::create);
		return resources;
	}

}
