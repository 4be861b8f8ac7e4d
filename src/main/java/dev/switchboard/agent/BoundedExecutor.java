package dev.switchboard.agent;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/** Runs tasks in order on an executor, a limited number at a time. Thread-safe. */
final class BoundedExecutor {

	private final Executor executor;

	private final Queue<Runnable> waiting = new ArrayDeque<>();

	private int width;

	private int capacity;

	private int running;

	/**
	 * @param width the number of tasks that run at once
	 * @param capacity the number of tasks that may wait
	 */
	BoundedExecutor(Executor executor, int width, int capacity) {
		this.executor = executor;
		resize(width, capacity);
	}

	synchronized void resize(int newWidth, int newCapacity) {
		this.width = newWidth;
		this.capacity = newCapacity;
	}

	/**
	 * Queues a task unless too many tasks wait already.
	 * @return whether the task will run
	 */
	boolean offer(Runnable task) {
		return offer(task, false);
	}

	/** Queues a task, even if too many tasks wait already. */
	boolean offerBeyondCapacity(Runnable task) {
		return offer(task, true);
	}

	private boolean offer(Runnable task, boolean beyondCapacity) {
		synchronized (this) {
			if (this.running >= this.width) {
				return (beyondCapacity || this.waiting.size() < this.capacity) && this.waiting.add(task);
			}
			this.running++;
		}
		return start(task);
	}

	private boolean start(Runnable task) {
		try {
			this.executor.execute(() -> run(task));
			return true;
		}
		catch (RejectedExecutionException ex) {
			synchronized (this) {
				this.running--;
			}
			return false;
		}
	}

	private void run(Runnable first) {
		for (Runnable task = first; task != null; task = next()) {
			task.run();
		}
	}

	private synchronized @Nullable Runnable next() {
		Runnable task = (this.running <= this.width) ? this.waiting.poll() : null;
		if (task == null) {
			this.running--;
		}
		return task;
	}

}
