package dev.switchboard.problem;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Shows an operator the fault and the remedy instead of a stack trace. */
final class SettingsRefusedFailureAnalyzer extends AbstractFailureAnalyzer<SettingsRefusedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SettingsRefusedException cause) {
		return new FailureAnalysis(cause.getMessage(), cause.action(), cause);
	}

}
