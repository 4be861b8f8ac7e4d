package dev.switchboard.loop;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.FastThreadLocalThread;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.NonBlocking;
import reactor.netty.resources.LoopResources;

/**
 * The event loops of the listeners, one for each core. A call goes from its caller's
 * event loop to its agent's and back. The fewer event loops there are, the more often
 * these two are the same. So there are not more event loops than cores. The management
 * port has an event loop of its own.
 */
public final class EventLoops implements LoopResources {

	private final EventLoopGroup loops;

	private EventLoops(String name, int count) {
		AtomicInteger number = new AtomicInteger();
		ThreadFactory threads = (task) -> new LoopThread(task, name + "-" + number.incrementAndGet());
		this.loops = new MultiThreadIoEventLoopGroup(count, threads, CoalescedInterest.factory());
	}

	/**
	 * Creates the event loops of all listeners but the management port, on epoll if the
	 * platform has it.
	 */
	public static LoopResources create() {
		return create("event-loop", Runtime.getRuntime().availableProcessors());
	}

	/**
	 * Creates the one event loop of the management port. A scrape of the metrics takes
	 * long, so it does not run on the event loops of calls.
	 */
	public static LoopResources forManagement() {
		return create("management-loop", 1);
	}

	private static LoopResources create(String name, int count) {
		return Epoll.isAvailable() ? new EventLoops(name, count) : LoopResources.create(name, count, true);
	}

	@Override
	public EventLoopGroup onServer(boolean useNative) {
		return this.loops;
	}

	@Override
	public EventLoopGroup onClient(boolean useNative) {
		return this.loops;
	}

	@Override
	public boolean isDisposed() {
		return this.loops.isShutdown();
	}

	@Override
	public void dispose() {
		disposeLater().subscribe();
	}

	@Override
	public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
		return Mono.create((terminated) -> this.loops
			.shutdownGracefully(quietPeriod.toMillis(), timeout.toMillis(), TimeUnit.MILLISECONDS)
			.addListener((_) -> terminated.success()));
	}

	/** A thread on which Reactor refuses to block. */
	private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

		LoopThread(Runnable task, String name) {
			super(task, name);
			setDaemon(true);
		}

	}

}
