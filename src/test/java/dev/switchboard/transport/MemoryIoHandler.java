package dev.switchboard.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Epoll's part for {@link MemorySocket}s, level-triggered as it is. For each it holds
 * what Netty's own handler does: a registration of the same size in the same kind of map.
 * It differs in waiting on a parked thread and not in {@code epoll_wait}, in keeping the
 * interest in the registration and not in the kernel, and in making no system calls.
 */
final class MemoryIoHandler implements IoHandler {

	private static final FastThreadLocal<MemoryIoHandler> CURRENT = new FastThreadLocal<>();

	private static final EpollIoEvent READABLE = () -> EpollIoOps.EPOLLIN;

	/** Bytes from an agent; none for the end of its stream. */
	private record Arrival(int socket, byte[] bytes) {
	}

	private final IntObjectMap<Registration> registrations = new IntObjectHashMap<>(4096);

	private final Deque<Arrival> arrivals = new ArrayDeque<>();

	private final ThreadAwareExecutor executor;

	private final MemoryAgent agent;

	private volatile @Nullable Thread thread;

	private byte @Nullable [] readable;

	private MemoryIoHandler(ThreadAwareExecutor executor, MemoryAgent agent) {
		this.executor = executor;
		this.agent = agent;
	}

	static IoHandlerFactory factory(MemoryAgent agent) {
		return (executor) -> new MemoryIoHandler(executor, agent);
	}

	/** The handler of the event loop that calls. */
	static MemoryIoHandler current() {
		return CURRENT.get();
	}

	@Override
	public void initialize() {
		this.thread = Thread.currentThread();
		CURRENT.set(this);
	}

	@Override
	public int run(IoHandlerContext context) {
		if (this.arrivals.isEmpty() && context.canBlock()) {
			LockSupport.parkNanos(this, context.delayNanos(System.nanoTime()));
		}
		int count = this.arrivals.size();
		for (int i = 0; i < count; i++) {
			Arrival next = this.arrivals.remove();
			Registration registration = this.registrations.get(next.socket());
			if (registration != null && !registration.handle(next.bytes())) {
				this.arrivals.add(next);
			}
		}
		return count;
	}

	@Override
	public void wakeup() {
		LockSupport.unpark(this.thread);
	}

	/** An agent's bytes are there to be read, in the loop's next turn. */
	void arrive(int socket, byte[] bytes) {
		this.arrivals.add(new Arrival(socket, bytes));
	}

	/** The same bytes from one agent in so many, read now. */
	void arriveFromSome(int part, int parts, byte[] bytes) {
		for (IntObjectMap.PrimitiveEntry<Registration> entry : this.registrations.entries()) {
			if (entry.key() % parts == part) {
				entry.value().handle(bytes);
			}
		}
	}

	/** What the socket that is being read has. */
	byte[] received() {
		byte[] bytes = this.readable;
		if (bytes == null) {
			throw new IllegalStateException("nothing has arrived");
		}
		return bytes;
	}

	void sent(int socket, ByteBuffer frames) {
		this.agent.read(frames, (answer) -> arrive(socket, answer));
	}

	@Override
	public IoRegistration register(IoHandle handle) {
		Registration registration = new Registration((EpollIoHandle) handle);
		this.registrations.put(registration.socket().number(), registration);
		handle.registered();
		return registration;
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return EpollIoHandle.class.isAssignableFrom(handleType);
	}

	private final class Registration implements IoRegistration {

		private static final int CANCELLED = -1;

		private final EpollIoHandle handle;

		/** What Netty's knows as its state, and the kernel as what it is to report. */
		private int interest;

		Registration(EpollIoHandle handle) {
			this.handle = handle;
		}

		private MemorySocket socket() {
			return (MemorySocket) this.handle.fd();
		}

		/** Has the socket read, if it wants to. */
		boolean handle(byte[] bytes) {
			boolean wanted = isValid() && (this.interest & EpollIoOps.EPOLLIN.value()) != 0;
			if (wanted) {
				MemoryIoHandler.this.readable = bytes;
				this.handle.handle(this, READABLE);
				MemoryIoHandler.this.readable = null;
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
			if (!isValid()) {
				return false;
			}
			this.interest = CANCELLED;
			if (MemoryIoHandler.this.executor.isExecutorThread(Thread.currentThread())) {
				remove();
			}
			else {
				MemoryIoHandler.this.executor.execute(this::remove);
			}
			return true;
		}

		private void remove() {
			if (MemoryIoHandler.this.registrations.remove(socket().number(), this)) {
				this.handle.unregistered();
			}
		}

	}

}
