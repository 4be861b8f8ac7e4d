package dev.switchboard.overload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import dev.switchboard.time.ManualTime;
import dev.switchboard.time.TimeSource;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LiveHeapTests {

	private final ManualTime time = new ManualTime();

	private final AtomicLong used = new AtomicLong();

	private final LiveHeap heap = new LiveHeap(() -> new LiveHeap.Usage(this.used.get(), 200), this.time);

	@Test
	void shouldMeasureThePartInUseAfterTheLastCollection() {
		assertThat(this.heap.percent()).isZero();
		this.used.set(150);
		assertThat(this.heap.percent()).isEqualTo(75);
	}

	// envoyproxy/envoy#21923, envoyproxy/envoy#41492
	@Test
	void shouldForgetAValueThatNoCollectionHasConfirmed() {
		this.used.set(190);
		assertThat(this.heap.percent()).isEqualTo(95);
		this.time.advance(LiveHeap.LIFE.minusMillis(1));
		assertThat(this.heap.percent()).isEqualTo(95);
		this.time.advance(Duration.ofMillis(1));
		assertThat(this.heap.percent()).isZero();
		this.used.set(191);
		assertThat(this.heap.percent()).isEqualTo(95.5);
	}

	@Test
	void shouldMeasureTheHeapOfThisProcess() {
		LiveHeap own = LiveHeap.ofProcess(TimeSource.SYSTEM);
		byte[][] kept = new byte[20][1024 * 1024];
		System.gc();
		assertThat(own.percent()).isPositive().isLessThan(100);
		assertThat(kept).hasNumberOfRows(20);
	}

}
