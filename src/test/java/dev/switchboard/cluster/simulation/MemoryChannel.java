package dev.switchboard.cluster.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** A Netty channel on one end of a connection in memory. */
final class MemoryChannel extends AbstractChannel {

	private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

	private static final InetSocketAddress ADDRESS = InetSocketAddress.createUnresolved("memory", 1);

	private static final int READ = 64 << 10;

	private final ChannelConfig config = new MemoryConfig(this);

	private @Nullable TcpEnd end;

	private boolean open = true;

	private boolean active;

	private boolean wanted;

	private boolean reading;

	/** Makes a channel that is not connected. */
	MemoryChannel(ChannelNumber number) {
		super(null, number);
	}

	/** Makes the channel of an accepted connection. */
	MemoryChannel(Channel parent, ChannelNumber number, TcpEnd end) {
		super(parent, number);
		attach(end);
	}

	private void attach(TcpEnd connected) {
		this.end = connected;
		this.active = true;
		connected.onChange(() -> {
			if (isRegistered()) {
				eventLoop().execute(this::changed);
			}
		});
	}

	private void changed() {
		readWhatCame();
		if (isOpen() && isActive()) {
			unsafe().flush();
		}
	}

	private void readWhatCame() {
		TcpEnd from = this.end;
		if (this.reading || !this.active || from == null) {
			return;
		}
		this.reading = true;
		try {
			receive(from);
		}
		catch (IOException ex) {
			pipeline().fireExceptionCaught(ex);
			unsafe().close(unsafe().voidPromise());
		}
		finally {
			this.reading = false;
		}
	}

	private void receive(TcpEnd from) throws IOException {
		boolean any = false;
		while (this.wanted && this.active && from.isReadable()) {
			byte[] bytes = from.read(READ);
			if (bytes == null) {
				complete(any);
				unsafe().close(unsafe().voidPromise());
				return;
			}
			any = true;
			this.wanted = this.config.isAutoRead();
			pipeline().fireChannelRead(Unpooled.wrappedBuffer(bytes));
		}
		complete(any);
	}

	private void complete(boolean any) {
		if (any) {
			pipeline().fireChannelReadComplete();
		}
	}

	@Override
	protected void doBeginRead() {
		this.wanted = true;
		if (this.end != null && this.end.isReadable() && !this.reading) {
			eventLoop().execute(this::readWhatCame);
		}
	}

	@Override
	protected void doWrite(ChannelOutboundBuffer out) throws Exception {
		TcpEnd to = Objects.requireNonNull(this.end);
		for (ByteBuf next = (ByteBuf) out.current(); next != null && to.room() > 0; next = (ByteBuf) out.current()) {
			byte[] bytes = ByteBufUtil.getBytes(next);
			int sent = to.send(bytes, 0, bytes.length);
			if (bytes.length == 0) {
				out.remove();
			}
			else {
				out.removeBytes(sent);
			}
		}
	}

	@Override
	protected AbstractUnsafe newUnsafe() {
		return new AbstractUnsafe() {
			@Override
			public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
				if (promise.setUncancellable() && ensureOpen(promise)) {
					SimulatedLoop loop = (SimulatedLoop) eventLoop();
					loop.node().dial(loop, ((InetSocketAddress) remote).getHostString(), (connected) -> {
						if (connected == null) {
							safeSetFailure(promise, new ConnectException("Connection refused"));
							close(voidPromise());
						}
						else {
							connected(connected, promise);
						}
					});
				}
			}
		};
	}

	private void connected(TcpEnd connected, ChannelPromise promise) {
		if (!this.open) {
			connected.close();
			return;
		}
		attach(connected);
		if (promise.trySuccess()) {
			pipeline().fireChannelActive();
		}
	}

	@Override
	protected boolean isCompatible(EventLoop loop) {
		return loop instanceof SimulatedLoop;
	}

	@Override
	protected SocketAddress localAddress0() {
		return ADDRESS;
	}

	@Override
	protected SocketAddress remoteAddress0() {
		return ADDRESS;
	}

	@Override
	protected void doBind(SocketAddress address) {
		// Clients bind to no address.
	}

	@Override
	protected void doDisconnect() {
		doClose();
	}

	@Override
	protected void doClose() {
		this.open = false;
		this.active = false;
		if (this.end != null && !this.end.isClosed()) {
			this.end.onChange(() -> {
			});
			this.end.close();
		}
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
		return this.active;
	}

	@Override
	public ChannelMetadata metadata() {
		return METADATA;
	}

}
