package dev.switchboard.overload;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import dev.switchboard.time.TimeSource;

/**
 * Measures the part of the heap that is in use after collections. The part that is in use
 * at any other moment says nothing, since it contains garbage. Used by one thread at a
 * time.
 */
final class LiveHeap {

	/**
	 * How long a value counts. The collector looks at the old objects only when it needs
	 * room, so an old value may be far too high; and a heap in which nothing was
	 * collected for so long is not short of room. Without this limit, a node that has
	 * become idle would stay overloaded.
	 */
	static final Duration LIFE = Duration.ofSeconds(30);

	private final Supplier<Usage> usage;

	private final TimeSource time;

	private long lastUsed;

	private long changedNanos;

	/**
	 * @param usage reads the usage after the last collection
	 */
	LiveHeap(Supplier<Usage> usage, TimeSource time) {
		this.usage = usage;
		this.time = time;
	}

	/** The bytes in use, and the most that may be. */
	record Usage(long used, long max) {
	}

	/** Measures the heap of this process. */
	static LiveHeap ofProcess(TimeSource time) {
		List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP && keepsObjects(pool.getName())
					&& pool.getCollectionUsage() != null)
			.toList();
		return new LiveHeap(() -> usage(pools), time);
	}

	/** Whether a pool has the objects that have survived several collections. */
	private static boolean keepsObjects(String pool) {
		return pool.contains("Old Gen") || pool.contains("Tenured") || pool.contains("Shenandoah");
	}

	private static Usage usage(List<MemoryPoolMXBean> pools) {
		long used = 0;
		long max = 0;
		for (MemoryPoolMXBean pool : pools) {
			MemoryUsage after = pool.getCollectionUsage();
			used += after.getUsed();
			max += Math.max(0, after.getMax());
		}
		return new Usage(used, max);
	}

	/** Returns the percentage in use; 0 if there was no collection for a while. */
	double percent() {
		Usage now = this.usage.get();
		if (now.used() != this.lastUsed) {
			this.lastUsed = now.used();
			this.changedNanos = this.time.nanoTime();
		}
		boolean counts = now.max() > 0 && this.time.nanoTime() - this.changedNanos < LIFE.toNanos();
		return counts ? 100.0 * now.used() / now.max() : 0;
	}

}
