package dev.switchboard.transport;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
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
	@SuppressWarnings("ArrayRecordComponent") // Never compared.
	private record Arrival(int socket, byte[] bytes) {
	}

	private final IntObjectMap<MemoryRegistration> registrations = new IntObjectHashMap<>(4096);

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
			MemoryRegistration registration = this.registrations.get(next.socket());
			if (registration != null && !handle(registration, next.bytes())) {
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
		for (IntObjectMap.PrimitiveEntry<MemoryRegistration> entry : this.registrations.entries()) {
			if (entry.key() % parts == part) {
				handle(entry.value(), bytes);
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
		MemoryRegistration registration = new MemoryRegistration(this, (EpollIoHandle) handle);
		this.registrations.put(registration.number(), registration);
		handle.registered();
		return registration;
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return EpollIoHandle.class.isAssignableFrom(handleType);
	}

	/** Takes the registration out on the event loop, unless another has its place. */
	void forget(MemoryRegistration registration) {
		if (this.executor.isExecutorThread(Thread.currentThread())) {
			remove(registration);
		}
		else {
			this.executor.execute(() -> remove(registration));
		}
	}

	private void remove(MemoryRegistration registration) {
		if (this.registrations.remove(registration.number(), registration)) {
			registration.handle().unregistered();
		}
	}

	/** Has the socket read the bytes, if it wants to. */
	private boolean handle(MemoryRegistration registration, byte[] bytes) {
		this.readable = bytes;
		boolean read = registration.report(READABLE);
		this.readable = null;
		return read;
	}

}
