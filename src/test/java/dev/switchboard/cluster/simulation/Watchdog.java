package dev.switchboard.cluster.simulation;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** Ends the process if a life makes no progress in ten seconds of real time. */
final class Watchdog {

	private static final long LIMIT_MILLIS = 10_000;

	private Watchdog() {
	}

	static void watch(Thread watched, Supplier<@Nullable Life> present) {
		Thread.ofPlatform().daemon().name("watchdog").start(() -> {
			Life before = null;
			long done = -1;
			while (watched.isAlive()) {
				pause();
				Life life = present.get();
				if (watched.isAlive() && life != null && life == before && life.world().done() == done) {
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
