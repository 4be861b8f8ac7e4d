package dev.switchboard.routing;

import java.time.Duration;

/**
 * A forwarder for many calls or pushes that belong together. It carries all of them that
 * go to one node in one request, so a node costs one request however many of its agents
 * are called. The verbs end in the same way as those of other forwarders. Thread-safe.
 */
public interface BulkForwarder extends Forwarder {

	/**
	 * Ends the requests to other nodes. Verbs that have not ended are withdrawn there.
	 * The caller cancels them before, or does not wait for them any more.
	 */
	void close();

	/** Makes bulk forwarders. Thread-safe. */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes a forwarder, which sends nothing before the first verb.
		 * @param timeToLive the time after which all its verbs have ended
		 */
		BulkForwarder open(Duration timeToLive);

	}

}
