package dev.switchboard;

import java.util.Arrays;

import dev.switchboard.fleet.FleetCommand;

import reactor.netty.ReactorNetty;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * The process: a gateway node, or, with {@code fleet} as its first argument, the
 * simulator of agents.
 */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Switchboard {

	public static void main(String[] args) {
		if (args.length > 0 && args[0].equals("fleet")) {
			System.exit(FleetCommand.run(Arrays.copyOfRange(args, 1, args.length)));
		}
		useOneEventLoopACore();
		SpringApplication.run(Switchboard.class, args);
	}

	// Reactor Netty would have four on two cores, and calls that hop between them.
	private static void useOneEventLoopACore() {
		if (System.getProperty(ReactorNetty.IO_WORKER_COUNT) == null) {
			System.setProperty(ReactorNetty.IO_WORKER_COUNT,
					Integer.toString(Runtime.getRuntime().availableProcessors()));
		}
	}

}
