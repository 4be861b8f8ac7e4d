package dev.switchboard.cluster.simulation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;

/** Resolves the hosts of simulated machines, which are addresses already. */
final class SimulatedNames extends AddressResolverGroup<InetSocketAddress> {

	@Override
	protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
		return new InetNameResolver(executor) {
			@Override
			protected void doResolve(String host, Promise<InetAddress> promise) throws UnknownHostException {
				promise.setSuccess(InetAddress.getByName(host));
			}

			@Override
			protected void doResolveAll(String host, Promise<List<InetAddress>> promise) throws UnknownHostException {
				promise.setSuccess(List.of(InetAddress.getByName(host)));
			}
		}.asAddressResolver();
	}

}
