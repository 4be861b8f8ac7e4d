package dev.switchboard.cluster.simulation;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Takes the place of Reactor's schedulers. A task belongs to the run of the node that has
 * scheduled it. Reactor keeps its schedulers for the whole process, so this class asks
 * for the world of the present life.
 */
final class SimulatedScheduler implements Scheduler {

	private static final long THREAD_SWITCH = 20_000;

	private static final long POOL = 50_000;

	private final Supplier<World> world;

	private final Supplier<SplittableRandom> chance;

	private final long delay;

	/**
	 * @param delay the mean time from the moment at which a task is due to its run
	 */
	private SimulatedScheduler(Supplier<World> world, Supplier<SplittableRandom> chance, long delay) {
		this.world = world;
		this.chance = chance;
		this.delay = delay;
	}

	/** Replaces Reactor's schedulers, for the rest of the process. */
	static void install(Supplier<World> world, Supplier<SplittableRandom> chance) {
		Schedulers.setFactory(new Schedulers.Factory() {
			@Override
			public Scheduler newParallel(int parallelism, ThreadFactory threads) {
				return new SimulatedScheduler(world, chance, THREAD_SWITCH);
			}

			@Override
			public Scheduler newSingle(ThreadFactory threads) {
				return new SimulatedScheduler(world, chance, THREAD_SWITCH);
			}

			@Override
			public Scheduler newBoundedElastic(int cap, int queued, ThreadFactory threads, int ttlSeconds) {
				return new SimulatedScheduler(world, chance, POOL);
			}
		});
	}

	@Override
	public Disposable schedule(Runnable task) {
		return schedule(task, 0, TimeUnit.NANOSECONDS);
	}

	@Override
	public Disposable schedule(Runnable task, long wait, TimeUnit unit) {
		return at(due(wait, unit), task);
	}

	private long due(long wait, TimeUnit unit) {
		return this.world.get().nanoTime() + Math.max(0, unit.toNanos(wait))
				+ World.around(this.chance.get(), this.delay);
	}

	private Disposable at(long time, Runnable task) {
		Task scheduled = new Task(task);
		World present = this.world.get();
		present.at(time, present.current(), scheduled);
		return scheduled;
	}

	@Override
	public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
		Disposable.Swap next = Disposables.swap();
		again(next, task, unit.toNanos(first), unit.toNanos(period));
		return next;
	}

	private void again(Disposable.Swap next, Runnable task, long wait, long period) {
		next.update(schedule(() -> {
			task.run();
			if (!next.isDisposed()) {
				again(next, task, period, period);
			}
		}, wait, TimeUnit.NANOSECONDS));
	}

	@Override
	public long now(TimeUnit unit) {
		return unit.convert(this.world.get().nanoTime(), TimeUnit.NANOSECONDS);
	}

	@Override
	public Worker createWorker() {
		return new InOrder();
	}

	/** A task that may be withdrawn. */
	private static final class Task implements Disposable, Runnable {

		private @Nullable Runnable task;

		Task(Runnable task) {
			this.task = task;
		}

		@Override
		public void run() {
			Runnable due = this.task;
			this.task = null;
			if (due != null) {
				due.run();
			}
		}

		@Override
		public void dispose() {
			this.task = null;
		}

		@Override
		public boolean isDisposed() {
			return this.task == null;
		}

	}

	/** A worker, whose tasks without a wait run in the order in which they were given. */
	private final class InOrder implements Worker {

		private final Disposable.Composite tasks = Disposables.composite();

		private long last;

		@Override
		public Disposable schedule(Runnable task) {
			return schedule(task, 0, TimeUnit.NANOSECONDS);
		}

		@Override
		public Disposable schedule(Runnable task, long wait, TimeUnit unit) {
			if (this.tasks.isDisposed()) {
				return Disposables.disposed();
			}
			long time = due(wait, unit);
			if (wait <= 0) {
				this.last = Math.max(this.last, time);
				time = this.last;
			}
			return at(time, () -> {
				if (!this.tasks.isDisposed()) {
					task.run();
				}
			});
		}

		@Override
		public Disposable schedulePeriodically(Runnable task, long first, long period, TimeUnit unit) {
			Disposable periodic = SimulatedScheduler.this.schedulePeriodically(task, first, period, unit);
			this.tasks.add(periodic);
			return periodic;
		}

		@Override
		public void dispose() {
			this.tasks.dispose();
		}

		@Override
		public boolean isDisposed() {
			return this.tasks.isDisposed();
		}

	}

}
