package dev.switchboard.relay;

import java.util.List;

import reactor.core.publisher.Mono;

import dev.switchboard.event.EventEntry;

/**
 * A receiver of events outside of the cluster, such as a queue. Each bean of this type is
 * a relay of the whole log, of all tenants. One node at a time works on it, and the
 * relay's position in the log is stored after delivery, so each event is delivered at
 * least once.
 */
public interface RelayTarget {

	/**
	 * Returns the name under which the relay's position is kept in the directory, such as
	 * {@code "sqs"}: 1 to 64 characters, the same on all nodes and at each start. It
	 * names the relay in metrics and logs, too.
	 * @return the name
	 */
	String name();

	/**
	 * Delivers entries, those of one agent in the order of the list. The answer completes
	 * after the receiver has taken all of them. It is an error if the receiver has not
	 * taken some; then all of them are delivered again after a back-off, so a receiver
	 * may get an event twice. The node that works on the relay calls this method for one
	 * list at a time, on a thread that must not block. The subscription is cancelled when
	 * another node takes the relay over, or when this node ends; a receiver may still
	 * take what was sent before.
	 * @param entries 1 to 500 entries of any tenants, in the log's order
	 * @return completes when all entries are taken; the error's message says why not
	 */
	Mono<Void> deliver(List<EventEntry> entries);

}
