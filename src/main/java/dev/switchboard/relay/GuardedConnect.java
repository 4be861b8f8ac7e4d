package dev.switchboard.relay;

import java.net.SocketAddress;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Stands in a socket's pipeline and lets it connect only to allowed addresses. All
 * connections pass here, so nothing that names an address in another way gets around it.
 */
@ChannelHandler.Sharable
final class GuardedConnect extends ChannelOutboundHandlerAdapter {

	private final AddressGuard guard;

	private final boolean secure;

	/**
	 * @param secure whether the connection will have TLS
	 */
	GuardedConnect(AddressGuard guard, boolean secure) {
		this.guard = guard;
		this.secure = secure;
	}

	@Override
	public void connect(ChannelHandlerContext context, SocketAddress remote, SocketAddress local,
			ChannelPromise promise) throws Exception {
		try {
			this.guard.check(remote, this.secure);
		}
		catch (RefusedAddressException ex) {
			promise.setFailure(ex);
			return;
		}
		super.connect(context, remote, local, promise);
	}

}
