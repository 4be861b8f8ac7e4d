package dev.switchboard.cluster.simulation;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;

/** The port at which a node accepts connections of other nodes. */
public final class MemoryServerChannel extends AbstractServerChannel {

	private final ChannelConfig config = new MemoryConfig(this);

	private boolean open = true;

	private boolean bound;

	private int port;

	/** Called by Netty's bootstrap. */
	public MemoryServerChannel() {
	}

	/** Accepts a connection. */
	void accept(TcpEnd end) {
		SimulatedNode node = ((SimulatedLoop) eventLoop()).node();
		eventLoop().execute(() -> {
			if (this.open) {
				pipeline().fireChannelRead(new MemoryChannel(this, node.nextChannel(), end));
				pipeline().fireChannelReadComplete();
			}
			else {
				end.close();
			}
		});
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return loop instanceof SimulatedLoop;
	}

	@Override
	protected SocketAddress localAddress0() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
	}

	@Override
	protected void doBind(SocketAddress address) {
		this.bound = true;
		this.port = ((InetSocketAddress) address).getPort();
		((SimulatedLoop) eventLoop()).node().listens(this);
	}

	@Override
	protected void doClose() {
		this.open = false;
		((SimulatedLoop) eventLoop()).node().listens(null);
	}

	@Override
	protected void doBeginRead() {
		// Connections are handed over when they come.
	}

	@Override
	public ChannelConfig config() {
		return this.config;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public boolean isActive() {
		return this.open && this.bound;
	}

}
