package dev.switchboard.dns;

import java.util.List;
import java.util.function.Function;

import reactor.core.publisher.Mono;

/**
 * The part of DNS that has the pool. Each provider of DNS has an implementation.
 * Thread-safe; no method blocks, and nothing happens before subscription.
 */
public interface Zone {

	/**
	 * Reads the pool, and makes a change in it. A change that another node has made
	 * meanwhile is never undone.
	 * @param plan returns the change to make, from the entries that the pool has; an
	 * empty change makes no request
	 * @return the change that was made; an error of {@link DnsException} if the pool was
	 * not read, or if it is not known that the change was made
	 */
	Mono<PoolChange> change(Function<List<PoolEntry>, Mono<PoolChange>> plan);

	/**
	 * Waits until clients of DNS see the last change, as far as the provider says when
	 * that is. Completes then, or when the provider does not say; never with an error.
	 */
	Mono<Void> settled();

}
