package dev.switchboard.directory;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * So many pieces of work, of which some are under way at a time: each that ends begins
 * the next. (Reactor's {@code flatMap} looks at all that are under way whenever one ends,
 * which is most of what it would measure here.)
 */
public final class Rate {

	private final IntFunction<Mono<?>> work;

	private final int count;

	private final AtomicInteger begun = new AtomicInteger();

	private final CountDownLatch left;

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private Rate(int count, IntFunction<Mono<?>> work) {
		this.count = count;
		this.work = work;
		this.left = new CountDownLatch(count);
	}

	/**
	 * Does the work.
	 * @param waiting how many are under way at a time
	 * @return how many a second
	 */
	public static double of(int count, int waiting, IntFunction<Mono<?>> work) {
		Rate rate = new Rate(count, work);
		long started = System.nanoTime();
		for (int i = 0; i < waiting; i++) {
			rate.next();
		}
		rate.await();
		return count / ((System.nanoTime() - started) / 1e9);
	}

	private void next() {
		int number = this.begun.getAndIncrement();
		if (number < this.count) {
			this.work.apply(number).subscribe((_) -> {
			}, this::fail, () -> {
				this.left.countDown();
				next();
			});
		}
	}

	private void fail(Throwable failure) {
		this.failure.set(failure);
		while (this.left.getCount() > 0) {
			this.left.countDown();
		}
	}

	private void await() {
		try {
			this.left.await();
			if (this.failure.get() != null) {
				throw new IllegalStateException(this.failure.get());
			}
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
