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
 * The event loops of all listeners, one for each core. A call goes from its caller's
 * event loop to its agent's and back. The fewer event loops there are, the more often
 * both are the same, so there are no more of them.
 */
public final class EventLoops implements LoopResources {

	private final EventLoopGroup loops;

	private EventLoops(int count) {
		AtomicInteger number = new AtomicInteger();
		ThreadFactory threads = (task) -> new LoopThread(task, "event-loop-" + number.incrementAndGet());
		this.loops = new MultiThreadIoEventLoopGroup(count, threads, CoalescedInterest.factory());
	}

	/** Creates the event loops, on epoll if the platform has it. */
	public static LoopResources create() {
		int count = Runtime.getRuntime().availableProcessors();
		return Epoll.isAvailable() ? new EventLoops(count) : LoopResources.create("event-loop", count, true);
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

	/** A thread that Reactor refuses to block. */
	private static final class LoopThread extends FastThreadLocalThread implements NonBlocking {

		LoopThread(Runnable task, String name) {
			super(task, name);
			setDaemon(true);
		}

	}

}
