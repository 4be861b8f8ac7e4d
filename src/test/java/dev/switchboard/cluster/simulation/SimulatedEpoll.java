package dev.switchboard.cluster.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/** Level-triggered epoll for sockets in memory. Belongs to one event loop. */
final class SimulatedEpoll implements IoHandler {

	private final Set<Registration> active = new LinkedHashSet<>();

	private @Nullable SimulatedLoop loop;

	void attach(SimulatedLoop owner) {
		this.loop = owner;
	}

	private SimulatedLoop loop() {
		return Objects.requireNonNull(this.loop);
	}

	/** Whether a socket is ready for something that its owner waits for. */
	boolean isReady() {
		return this.active.stream().anyMatch((each) -> each.ready().value() != 0);
	}

	@Override
	public int run(IoHandlerContext context) {
		int handled = 0;
		for (Registration each : List.copyOf(this.active)) {
			EpollIoOps ready = each.ready();
			if (ready.value() != 0) {
				handled++;
				each.handle.handle(each, (EpollIoEvent) () -> ready);
			}
			if (each.ready().value() == 0) {
				this.active.remove(each);
			}
		}
		return handled;
	}

	@Override
	public void wakeup() {
		if (this.loop != null) {
			this.loop.wake();
		}
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> type) {
		return EpollIoHandle.class.isAssignableFrom(type);
	}

	@Override
	public IoRegistration register(IoHandle handle) {
		EpollIoHandle socket = (EpollIoHandle) handle;
		Registration registration = new Registration(socket, ((MemorySocket) socket.fd()).end());
		registration.end.onChange(() -> changed(registration));
		handle.registered();
		return registration;
	}

	private void changed(Registration registration) {
		if (registration.ready().value() != 0) {
			this.active.add(registration);
			loop().wake();
		}
	}

	/** A registered socket. */
	private final class Registration implements IoRegistration {

		private final EpollIoHandle handle;

		private final TcpEnd end;

		private EpollIoOps interest = EpollIoOps.NONE;

		private boolean valid = true;

		Registration(EpollIoHandle handle, TcpEnd end) {
			this.handle = handle;
			this.end = end;
		}

		private EpollIoOps ready() {
			EpollIoOps ready = EpollIoOps.NONE;
			if (this.valid && this.interest.contains(EpollIoOps.EPOLLIN) && this.end.isReadable()) {
				ready = ready.with(EpollIoOps.EPOLLIN);
			}
			if (this.valid && this.interest.contains(EpollIoOps.EPOLLOUT) && this.end.room() > 0) {
				ready = ready.with(EpollIoOps.EPOLLOUT);
			}
			return ready;
		}

		@Override
		@SuppressWarnings({ "TypeParameterUnusedInFormals", "NullAway" }) // Netty's
		public <T> T attachment() {
			return null;
		}

		@Override
		public long submit(IoOps ops) {
			this.interest = (EpollIoOps) ops;
			changed(this);
			return this.interest.value();
		}

		@Override
		public boolean isValid() {
			return this.valid;
		}

		@Override
		public boolean cancel() {
			boolean first = this.valid;
			this.valid = false;
			if (first) {
				SimulatedEpoll.this.active.remove(this);
				this.end.onChange(() -> {
				});
				loop().execute(this.handle::unregistered);
			}
			return first;
		}

	}

}
