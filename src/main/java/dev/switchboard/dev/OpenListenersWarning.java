package dev.switchboard.dev;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Logs a warning at each start if {@code switchboard.dev.bind-all} is set. The warning
 * says what the setting opens.
 */
final class OpenListenersWarning implements ApplicationListener<ApplicationReadyEvent> {

	private static final Logger logger = LoggerFactory.getLogger(OpenListenersWarning.class);

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		logger.warn("""
				switchboard.dev.bind-all is set in dev mode: whoever reaches the ports of the API, of agents or of the \
				management can, without credentials, call every agent, be any agent, and read the metrics. It is for a \
				container whose ports are published on loopback only.""");
	}

}
