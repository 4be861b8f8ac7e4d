package dev.switchboard.problem;

import org.jspecify.annotations.Nullable;

/**
 * Why a listener cannot have its port, as an operator needs it: the port, the setting
 * that names it, and what to do.
 */
public final class PortRefusal {

	private PortRefusal() {
	}

	/**
	 * The refusal to start for a failed bind.
	 * @param setting the prefix of the settings {@code port} and {@code address}
	 * @param port the port that was to be bound
	 * @param failure the failure of the bind, or one that it caused
	 * @return the refusal; the failure itself if it is of another kind
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
	 * The texts of all causes: transports wrap what the kernel said in different ways.
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
