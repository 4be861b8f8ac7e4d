package dev.switchboard.time;

import java.time.Duration;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Limits of waits. If the process was stopped for a while (was away), an answer that came
 * meanwhile is still in the socket when the process goes on. So a limit that passes
 * during such an absence ends a little later than planned, and the answer is read first.
 */
public final class TimeLimit {

	private TimeLimit() {
	}

	/**
	 * Returns the end of a wait, for {@link Mono#timeout(org.reactivestreams.Publisher)}.
	 * The wait begins with the subscription.
	 * @return a value after the limit; if the process was stopped meanwhile,
	 * {@link Attendance#READING} later. The value comes on a thread of
	 * {@link Schedulers#parallel()}
	 */
	public static Mono<Long> of(Duration limit) {
		return of(limit, Schedulers.parallel());
	}

	static Mono<Long> of(Duration limit, Scheduler scheduler) {
		return Mono.delay(limit, scheduler)
			.timed(scheduler)
			.flatMap((end) -> isLate(end.elapsed(), limit) ? Mono.delay(Attendance.READING, scheduler)
					: Mono.just(end.get()));
	}

	private static boolean isLate(Duration elapsed, Duration limit) {
		return elapsed.minus(limit).compareTo(Attendance.USUAL) > 0;
	}

}
