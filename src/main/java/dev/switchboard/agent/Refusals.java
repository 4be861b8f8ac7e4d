package dev.switchboard.agent;

/** Explains the HTTP status with which a gateway refuses a handshake. */
final class Refusals {

	private Refusals() {
	}

	/** Returns the status and its usual cause, for the agent's log. */
	static String describe(int status) {
		String cause = switch (status) {
			case 400 -> ": the handshake is not valid there; is the identity, or the token, for the gateway's mode?";
			case 401 -> ": the credentials are missing or bad";
			case 403 -> ": the agent may not connect";
			case 404, 405 -> ": no gateway there; is it the agent port?";
			case 503 -> ": the gateway is too busy, or leaving";
			default -> "";
		};
		return "HTTP " + status + cause;
	}

	/**
	 * Whether the gateway will refuse every further handshake of the agent, too.
	 * @param renewable whether the next handshake may have other credentials
	 */
	static boolean isForGood(int status, boolean renewable) {
		return status == 400 || (status == 401 && !renewable);
	}

}
