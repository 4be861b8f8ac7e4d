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
	 * @param plan gets the entries of the pool and returns the change to make; an empty
	 * change is not sent
	 * @return the change that was made; an error of {@link DnsException} if the pool was
	 * not read, or if it is not certain that the change was made
	 */
	Mono<PoolChange> change(Function<List<PoolEntry>, Mono<PoolChange>> plan);

	/**
	 * Completes when clients of DNS see the last change. Completes earlier if the
	 * provider does not say when that is. Never ends with an error.
	 */
	Mono<Void> settled();

}
