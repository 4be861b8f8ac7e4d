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
	 * Another node has changed the pool since it was read, or is changing it. Nothing was
	 * changed, and the next try reads it again.
	 */
	public static DnsException contended(String message) {
		return new DnsException(message, true, null);
	}

	/** Whether nothing is wrong, except that other nodes change the pool, too. */
	boolean isContended() {
		return this.contended;
	}

}
