package dev.switchboard.dns;

import org.jspecify.annotations.Nullable;

/** DNS could not be read or changed. The message is for an operator. */
public final class DnsException extends RuntimeException {

	private final boolean contended;

	private DnsException(String message, boolean contended, @Nullable Throwable cause) {
		super(message, cause);
		this.contended = contended;
	}

	public static DnsException failed(String message) {
		return new DnsException(message, false, null);
	}

	public static DnsException failed(String message, Throwable cause) {
		return new DnsException(message, false, cause);
	}

	/**
	 * Returns the failure of a try that came at the wrong moment: for example, another
	 * node has changed the pool since this node read it. This node has changed nothing.
	 * The next try reads the pool again.
	 */
	public static DnsException contended(String message) {
		return new DnsException(message, true, null);
	}

	/** Whether nothing is wrong, and a later try can succeed. */
	boolean isContended() {
		return this.contended;
	}

}
