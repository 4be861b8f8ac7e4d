package dev.switchboard.loop;

import java.util.concurrent.RejectedExecutionException;

import io.netty.util.concurrent.EventExecutor;

/** Runs tasks on the event loop that owns the state they touch. */
public final class OnLoop {

	private OnLoop() {
	}

	/**
	 * Runs the task before this method returns if the caller is on the event loop, else
	 * hands it to the event loop. Once the event loop has ended, the task runs on the
	 * caller's thread. The task then finds its connection closed, and can fail the
	 * connection's waiters.
	 */
	public static void run(EventExecutor loop, Runnable task) {
		if (loop.inEventLoop()) {
			task.run();
			return;
		}
		try {
			loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			task.run();
		}
	}

}
