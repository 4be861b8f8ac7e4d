package dev.switchboard.cluster.simulation;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Ends the process if a life makes no progress in ten seconds of real time. Seconds in
 * which a busy machine has no time for the life do not count.
 */
final class Watchdog {

	private static final long LIMIT_MILLIS = 10_000;

	/** A thread that runs in such a time uses at least so much of a CPU. */
	private static final long LEAST_CPU_NANOS = 5_000_000_000L;

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	private Watchdog() {
	}

	static void watch(Thread watched, Supplier<@Nullable Life> present) {
		Thread.ofPlatform().daemon().name("watchdog").start(() -> {
			Life before = null;
			long done = -1;
			long cpu = 0;
			while (watched.isAlive()) {
				pause();
				long used = THREADS.getThreadCpuTime(watched.threadId()) - cpu;
				boolean starved = watched.getState() == Thread.State.RUNNABLE && used < LEAST_CPU_NANOS;
				cpu += used;
				Life life = present.get();
				if (!starved && watched.isAlive() && life != null && life == before && life.world().done() == done) {
					System.out.println("seed " + life.seed() + " makes no progress:\n\t"
							+ Arrays.stream(watched.getStackTrace())
								.map(String::valueOf)
								.collect(Collectors.joining("\n\t")));
					Runtime.getRuntime().halt(3);
				}
				before = life;
				done = (life != null) ? life.world().done() : -1;
			}
		});
	}

	private static void pause() {
		try {
			Thread.sleep(LIMIT_MILLIS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
