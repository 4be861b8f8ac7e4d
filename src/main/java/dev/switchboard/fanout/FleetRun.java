package dev.switchboard.fanout;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.time.TimeLimit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * A fleet call or fleet push that runs. It calls each agent once, reports each agent's
 * end once, and ends once. Its state belongs to one event loop; the public methods may be
 * called from any thread.
 */
public final class FleetRun {

	/**
	 * How long after the time is up the calls in flight still may end by themselves. They
	 * end at the same time, and their own ends may say more than that the time is up.
	 */
	private static final Duration GRACE = Duration.ofMillis(500);

	/** The most agents that are called or dropped in one turn of the event loop. */
	private static final int TURN = 50;

	private final FleetRequest request;

	private final List<AgentId> agents;

	private final FleetContext context;

	private final UUID id;

	private final long startNanos;

	private final NodeQueues queues = new NodeQueues();

	private final AgentSearch search;

	private final Flights flights;

	private final Admission admission;

	private final FleetSummary.Counts counts = new FleetSummary.Counts();

	private final Disposable.Composite tasks = Disposables.composite();

	private @Nullable FleetListener listener;

	/** Why no further agent is called; null while agents are called. */
	private @Nullable ProblemException notBegun;

	private FleetMetrics.End end = FleetMetrics.End.FINISHED;

	private boolean pumping;

	private boolean pumpAgain;

	/** Whether the next turn goes on. */
	private boolean turnDue;

	private boolean ended;

	/**
	 * @param startNanos when the time for the whole began
	 */
	FleetRun(FleetRequest request, List<AgentId> agents, UUID id, long startNanos, FleetContext context) {
		this.request = request;
		this.agents = agents;
		this.id = id;
		this.context = context;
		this.startNanos = startNanos;
		this.search = new AgentSearch(agents, context, this.queues, this::pump);
		this.flights = new Flights(request.message(), context, this::ended);
		this.admission = new Admission(context, this::pump, this.tasks);
	}

	/** Begins to call the agents. Called once. */
	public void start(FleetListener to) {
		this.context.onLoop(() -> {
			if (this.ended) {
				return;
			}
			this.listener = to;
			to.begun(this.id, this.agents.size());
			this.tasks.add(TimeLimit.of(left()).subscribe((_) -> this.context.onLoop(this::timeIsUp)));
			this.tasks.add(this.search.start(this.request.message(), left()));
			pump();
		});
	}

	/** Goes on after {@link FleetListener#hasRoom} has refused. */
	public void resume() {
		this.context.onLoop(this::pump);
	}

	/**
	 * Cancels all calls in flight, and calls and reports nothing any more. Does nothing
	 * after the end.
	 */
	public void cancel() {
		this.context.onLoop(() -> {
			if (!this.ended) {
				this.end = FleetMetrics.End.CANCELLED;
				this.ended = true;
				this.flights.cancelAll();
				end();
			}
		});
	}

	private Duration left() {
		return Duration.ofNanos(Math.max(0, this.request.timeout().toNanos() - nanosSinceStart()));
	}

	/** Calls as many agents as may be called now, or reports that they are not called. */
	private void pump() {
		if (this.pumping) {
			this.pumpAgain = true;
		}
		else if (!this.ended && this.listener != null) {
			this.pumping = true;
			do {
				this.pumpAgain = false;
				step();
			}
			while (this.pumpAgain);
			this.pumping = false;
			finishIfDone();
		}
	}

	/** Calls or drops some agents. The others have to wait for the next turn. */
	private void step() {
		int done = 0;
		boolean goesOn = !this.turnDue;
		while (goesOn && done < TURN && !this.queues.isEmpty()) {
			goesOn = (this.notBegun != null) ? drop() : beginNext();
			done++;
		}
		if (done == TURN) {
			this.turnDue = true;
			this.context.later(this::nextTurn);
		}
	}

	private void nextTurn() {
		this.turnDue = false;
		pump();
	}

	/**
	 * Reports that an agent is not called. Returns false if there is no room for that.
	 */
	private boolean drop() {
		if (!listener().hasRoom()) {
			return false;
		}
		AgentId agent = this.queues.drop();
		if (agent != null && this.notBegun != null) {
			report(agent, new FleetResult.Failed(null, this.notBegun));
		}
		return agent != null;
	}

	/** Calls the next agent. Returns false if none is to be called now. */
	private boolean beginNext() {
		int free = this.request.window() - this.flights.count();
		if (free <= 0 || !listener().hasRoom() || !this.admission.admits()) {
			return false;
		}
		NodeQueues.Next next = this.queues.next(free, this.search.isComplete());
		if (next == null) {
			this.admission.giveBack();
			return false;
		}
		this.flights.begin(next, left());
		return true;
	}

	private void ended(AgentId agent, FleetResult result) {
		report(agent, result);
		pump();
	}

	private void report(AgentId agent, FleetResult result) {
		this.counts.add(result.outcome());
		listener().ended(agent, result);
		Long most = this.request.stopAfterFailures();
		if (most != null && this.notBegun == null && this.counts.failures() >= most) {
			beginNoMore(FleetMetrics.End.STOPPED, ProblemException.cancelledUnsent());
			this.flights.stop();
		}
	}

	private void timeIsUp() {
		if (!this.ended && this.notBegun == null) {
			beginNoMore(FleetMetrics.End.DEADLINE, ProblemException.deadlineUnsent());
			this.tasks.add(Mono.delay(GRACE).subscribe((_) -> this.context.onLoop(this::graceIsOver)));
			pump();
		}
	}

	private void graceIsOver() {
		if (!this.ended) {
			this.flights.timeOut();
			pump();
		}
	}

	private void beginNoMore(FleetMetrics.End why, ProblemException problem) {
		this.end = why;
		this.notBegun = problem;
		this.search.giveUp();
	}

	private FleetListener listener() {
		return Objects.requireNonNull(this.listener);
	}

	private void finishIfDone() {
		if (this.counts.all() == this.agents.size() && !this.ended) {
			end();
			listener().finished(this.counts.summary(TimeUnit.NANOSECONDS.toMillis(nanosSinceStart())));
		}
	}

	private long nanosSinceStart() {
		return this.context.nanoTime() - this.startNanos;
	}

	private void end() {
		this.ended = true;
		this.tasks.dispose();
		this.context.ended(this.request.message(), this.end, this.counts.summary(0), this.agents.size(),
				nanosSinceStart());
	}

}
