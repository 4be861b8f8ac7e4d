package dev.switchboard.time;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Work that is repeated, with a pause before each repetition. A failure does not end the
 * repetition. Thread-safe.
 */
public final class Periodic implements Disposable {

	private final Supplier<Duration> pause;

	private final Supplier<? extends Mono<?>> work;

	private final Consumer<? super Throwable> failed;

	private final Disposable.Swap loop = Disposables.swap();

	/**
	 * Describes the work, and starts nothing.
	 * @param pause gives the next pause
	 * @param work is subscribed to once after each pause
	 * @param failed takes each failure of the work
	 */
	public Periodic(Supplier<Duration> pause, Supplier<? extends Mono<?>> work, Consumer<? super Throwable> failed) {
		this.pause = pause;
		this.work = work;
		this.failed = failed;
	}

	/** Starts the repetitions, the first one after a pause. */
	public void start() {
		this.loop.update(Mono.defer(() -> Mono.delay(this.pause.get()))
			.then(Mono.defer(this.work).then())
			.doOnError(this.failed)
			.onErrorComplete()
			.repeat()
			.subscribe());
	}

	@Override
	public void dispose() {
		this.loop.dispose();
	}

	@Override
	public boolean isDisposed() {
		return this.loop.isDisposed();
	}

}
