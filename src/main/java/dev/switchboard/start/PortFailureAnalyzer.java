package dev.switchboard.start;

import dev.switchboard.problem.PortRefusal;
import dev.switchboard.problem.SettingsRefusedException;
import org.jspecify.annotations.Nullable;
import reactor.netty.ChannelBindException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServerException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Names the setting of a port that the API or management listener could not open. Spring
 * Boot's own analyzer does not name the setting. The other listeners name the settings of
 * their ports themselves.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class PortFailureAnalyzer extends AbstractFailureAnalyzer<WebServerException> {

	private final Environment environment;

	PortFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, WebServerException cause) {
		int port = port(cause);
		return (PortRefusal.of(setting(port), port, cause) instanceof SettingsRefusedException refusal)
				? new FailureAnalysis(String.valueOf(refusal.getMessage()), refusal.action(), cause) : null;
	}

	private int port(WebServerException failure) {
		if (failure instanceof PortInUseException inUse) {
			return inUse.getPort();
		}
		ChannelBindException bind = findCause(failure, ChannelBindException.class);
		return (bind != null) ? bind.localPort() : 0;
	}

	private String setting(int port) {
		String management = this.environment.getProperty("management.server.port", "");
		return management.equals(Integer.toString(port)) ? "management.server" : "server";
	}

}
