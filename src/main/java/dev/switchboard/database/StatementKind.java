package dev.switchboard.database;

import java.util.Locale;

/** What is asked of the directory, as its meters are tagged. */
public enum StatementKind {

	/** Enter this node's row, or enter it anew. */
	REGISTER,
	/** Renew this node's lease and read the clock. */
	HEARTBEAT,
	/** Find the nodes that are past their leases and release their claims. */
	EXPIRE,
	/** Take this node's row out. */
	DEREGISTER,
	/** Store a batch of claims and releases, and read back who won. */
	WRITE,
	/** Look agents up. */
	LOCATE,
	/** List a page of agents. */
	LIST,
	/** List claims of this node, to compare them with what it holds. */
	AUDIT,
	/** List the nodes. */
	NODES,
	/** Record a call. */
	BEGIN,
	/** Record a call's end. */
	END,
	/** Drop a call's record. */
	FORGET,
	/** Look a call up. */
	FIND,
	/** Delete what is old. */
	RETENTION;

	private final String tag = name().toLowerCase(Locale.ROOT);

	public String tag() {
		return this.tag;
	}

}
