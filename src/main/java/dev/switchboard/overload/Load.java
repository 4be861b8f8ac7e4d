package dev.switchboard.overload;

import io.netty.util.internal.PlatformDependent;

/**
 * Measures the load of this node. Used by one thread at a time.
 *
 * @param loops the event loops
 * @param heap the heap
 */
record Load(LoopWatches loops, LiveHeap heap) {

	Measurement measure() {
		return new Measurement(this.loops.delayNanos() / 1e6, this.heap.percent(), directPercent(),
				this.loops.isAnyLimited());
	}

	/**
	 * Returns the percentage of the memory for direct buffers that Netty has taken; 0 if
	 * the JVM does not let Netty count it. At 100 percent, Netty can allocate no more.
	 */
	private static double directPercent() {
		return 100.0 * Math.max(0, PlatformDependent.usedDirectMemory()) / PlatformDependent.maxDirectMemory();
	}

}
