package dev.switchboard.security;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells an operator why the node does not start, instead of a stack trace. */
final class SettingsRefusedFailureAnalyzer extends AbstractFailureAnalyzer<SettingsRefusedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SettingsRefusedException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
