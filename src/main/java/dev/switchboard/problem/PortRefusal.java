package dev.switchboard.problem;

import org.jspecify.annotations.Nullable;

/**
 * Explains to an operator why a listener cannot open its port: names the port and its
 * setting, and says what to do.
 */
public final class PortRefusal {

	private PortRefusal() {
	}

	/**
	 * Returns the exception with which the start ends if a port could not be opened.
	 * @param setting the common prefix of the two settings {@code port} and
	 * {@code address}
	 * @param port the port that was to be bound
	 * @param failure the bind's failure, or a failure that the bind's failure caused
	 * @return the exception; the failure itself if that has nothing to do with the port
	 */
	public static RuntimeException of(String setting, int port, RuntimeException failure) {
		String reason = reason(failure);
		if (reason.contains("in use")) {
			return new SettingsRefusedException("Port " + port + " (" + setting + ".port) is in use already.",
					"End the process that has it ('ss -ltnp sport = :" + port + "' names it), or set " + setting
							+ ".port to another one.");
		}
		if (reason.contains("ermission denied")) {
			return new SettingsRefusedException("This user may not listen on port " + port + " (" + setting + ".port).",
					"Set " + setting + ".port to one above 1023, or give the process CAP_NET_BIND_SERVICE.");
		}
		if (reason.contains("assign requested address") || reason.contains("UnresolvedAddress")
				|| reason.contains("UnknownHost")) {
			return new SettingsRefusedException(
					"This machine does not have the address that " + setting + ".address names.",
					"Set it to one of this machine's addresses, or remove it.");
		}
		return failure;
	}

	/**
	 * Returns the texts of all causes, because each transport wraps the kernel's message
	 * in its own way.
	 */
	private static String reason(RuntimeException failure) {
		StringBuilder reason = new StringBuilder();
		for (@Nullable
		Throwable cause = failure; cause != null; cause = cause.getCause()) {
			reason.append(cause).append('\n');
		}
		return reason.toString();
	}

}
