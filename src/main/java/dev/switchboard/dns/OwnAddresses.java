package dev.switchboard.dns;

import java.net.InetAddress;
import java.util.Set;

import reactor.core.publisher.Mono;

/**
 * The addresses at which agents reach this node. They come from the settings or from the
 * machine's provider. Thread-safe.
 */
public interface OwnAddresses {

	/**
	 * Returns the addresses, at least one; an error of {@link DnsException} if they are
	 * not known yet.
	 */
	Mono<Set<InetAddress>> get();

}
