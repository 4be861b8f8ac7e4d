package dev.switchboard.cluster.simulation;

import java.util.SplittableRandom;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.internal.InternalThreadLocalMap;
import org.jspecify.annotations.Nullable;

/**
 * An event loop of a node. It has its turns as events of the world. Although all event
 * loops share one thread, each knows whether it is its own turn, so a task for a
 * different event loop really goes through that event loop's queue. In its turn, it has
 * thread-local values of its own.
 */
final class SimulatedLoop extends ManualIoEventLoop {

	/** The mean time from a wake-up to the turn. */
	private static final long WAKE = 15_000;

	/** The mean time from the end of a pause to the turn. */
	private static final long WAKE_AFTER_PAUSE = 1_000_000;

	private static final long NEVER = Long.MAX_VALUE;

	private final World world;

	private final SimulatedNode node;

	private final SimulatedEpoll epoll;

	private final SplittableRandom chance;

	private @Nullable InternalThreadLocalMap locals;

	private boolean turn;

	private long next = NEVER;

	SimulatedLoop(World world, SimulatedNode node, SplittableRandom chance) {
		this(world, node, chance, new SimulatedEpoll());
	}

	private SimulatedLoop(World world, SimulatedNode node, SplittableRandom chance, SimulatedEpoll epoll) {
		super(null, Thread.currentThread(), handler(epoll), new LoopClock(world));
		this.world = world;
		this.node = node;
		this.chance = chance;
		this.epoll = epoll;
		epoll.attach(this);
	}

	private static IoHandlerFactory handler(SimulatedEpoll epoll) {
		return (_) -> epoll;
	}

	SimulatedNode node() {
		return this.node;
	}

	@Override
	public boolean inEventLoop() {
		return this.turn;
	}

	@Override
	public boolean isExecutorThread(Thread thread) {
		return this.turn;
	}

	/** Arranges a turn soon. */
	void wake() {
		turnAt(this.world.nanoTime() + World.around(this.chance, WAKE));
	}

	private void turnAt(long time) {
		if (time < this.next) {
			this.next = time;
			this.world.at(time, this.node.run(), () -> {
				long now = this.world.nanoTime();
				if (this.next <= now) {
					this.next = NEVER;
					if (this.node.run().wakesUpAt(now)) {
						// The event loops go on in any order.
						turnAt(now + 1 + World.around(this.chance, WAKE_AFTER_PAUSE));
					}
					else {
						takeTurn();
					}
				}
			});
		}
	}

	/** Gives the memory of the thread-local values back. The event loop has ended. */
	void release() {
		withLocals(FastThreadLocal::removeAll);
	}

	/** Runs a task with the thread-local values of this event loop. */
	private void withLocals(Runnable task) {
		FastThreadLocalThread thread = (FastThreadLocalThread) Thread.currentThread();
		InternalThreadLocalMap outer = thread.threadLocalMap();
		thread.setThreadLocalMap(this.locals);
		try {
			task.run();
		}
		finally {
			this.locals = thread.threadLocalMap();
			thread.setThreadLocalMap(outer);
		}
	}

	private void takeTurn() {
		this.turn = true;
		try {
			withLocals(this::runNow);
		}
		finally {
			this.turn = false;
		}
		long deadline = nextScheduledTaskDeadlineNanos();
		if (deadline >= 0) {
			turnAt(deadline);
		}
		if (this.epoll.isReady()) {
			wake();
		}
	}

}
