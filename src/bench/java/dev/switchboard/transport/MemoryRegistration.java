package dev.switchboard.transport;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;

/**
 * What a {@link MemoryIoHandler} has for each socket; of the size of Netty's own for
 * epoll.
 */
final class MemoryRegistration implements IoRegistration {

	private static final int CANCELLED = -1;

	private final MemoryIoHandler handler;

	private final EpollIoHandle handle;

	/** What Netty's knows as its state, and the kernel as what it is to report. */
	private int interest;

	MemoryRegistration(MemoryIoHandler handler, EpollIoHandle handle) {
		this.handler = handler;
		this.handle = handle;
	}

	EpollIoHandle handle() {
		return this.handle;
	}

	/** The socket's. */
	int number() {
		return ((MemorySocket) this.handle.fd()).number();
	}

	/** Tells that there are bytes, if that is wanted; whether it was. */
	boolean report(EpollIoEvent readable) {
		boolean wanted = isValid() && (this.interest & EpollIoOps.EPOLLIN.value()) != 0;
		if (wanted) {
			this.handle.handle(this, readable);
		}
		return wanted;
	}

	@Override
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals", "NullAway" })
	public <T> T attachment() {
		return (T) null;
	}

	@Override
	public synchronized long submit(IoOps ops) {
		if (isValid()) {
			this.interest = ((EpollIoOps) ops).value();
		}
		return this.interest;
	}

	@Override
	public synchronized boolean isValid() {
		return this.interest != CANCELLED;
	}

	@Override
	public synchronized boolean cancel() {
		boolean first = isValid();
		this.interest = CANCELLED;
		if (first) {
			this.handler.forget(this);
		}
		return first;
	}

}
