package dev.switchboard.listener;

import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one port, of all peers together and of each network, and
 * knows which ones are too many. A network is the first 24 bits of an IPv4 address, or
 * the first 56 bits of an IPv6 address. Thread-safe.
 */
public final class PortConnections {

	private static final int IPV4_PREFIX = 24;

	private static final int IPV6_PREFIX = 56;

	private final int limit;

	private final int limitOfSource;

	private final AtomicInteger open = new AtomicInteger();

	/** Has an entry for each network with a connection, so the limit bounds it. */
	private final Map<Source, Integer> bySource = new ConcurrentHashMap<>();

	private final Counter full;

	private final Counter sourceFull;

	/**
	 * @param listener the name of the port in metrics
	 * @param limit the connections of the port
	 * @param sourceShare the part of them that one network may have, in percent
	 */
	public PortConnections(String listener, int limit, int sourceShare, MeterRegistry meters) {
		this.limit = limit;
		this.limitOfSource = Math.max(1, (int) ((long) limit * sourceShare / 100));
		this.full = refused(listener, "port", meters);
		this.sourceFull = refused(listener, "source", meters);
		Gauge.builder("switchboard.ports.connections", this.open, AtomicInteger::get)
			.description("Connections that count towards the limit of a port")
			.tag("listener", listener)
			.register(meters);
	}

	private static Counter refused(String listener, String limit, MeterRegistry meters) {
		return Counter.builder("switchboard.ports.refused")
			.description("Connections that were refused because a port or a network had too many")
			.tag("listener", listener)
			.tag("limit", limit)
			.register(meters);
	}

	/** Returns the network of an address; null if the address is not known. */
	static @Nullable Source source(@Nullable SocketAddress peer) {
		return Source.of(peer, IPV4_PREFIX, IPV6_PREFIX);
	}

	/**
	 * Takes a connection, or refuses it and counts the refusal. One that is taken must
	 * {@link #leave}.
	 * @param source the network that the connection comes from; null if that does not
	 * count
	 */
	boolean enter(@Nullable Source source) {
		if (this.open.incrementAndGet() > this.limit) {
			this.open.decrementAndGet();
			this.full.increment();
			return false;
		}
		if (source != null && this.bySource.merge(source, 1, Integer::sum) > this.limitOfSource) {
			leave(source);
			this.sourceFull.increment();
			return false;
		}
		return true;
	}

	/** Forgets a connection that was taken. */
	void leave(@Nullable Source source) {
		this.open.decrementAndGet();
		if (source != null) {
			this.bySource.computeIfPresent(source, (_, count) -> (count > 1) ? count - 1 : null);
		}
	}

}
