package dev.switchboard.drain;

import java.time.Duration;

import dev.switchboard.drain.DrainState.Phase;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The drain of this node. While it lasts, the node is not ready, refuses handshakes, and
 * asks its agents to connect to other nodes. Calls in flight are answered. There is at
 * most one drain at a time, whoever asks for it. Thread-safe; nothing blocks.
 */
public final class Drain {

	private final DrainSettings settings;

	private final DrainSteps steps;

	private final Disposable.Swap run = Disposables.swap();

	private final Sinks.Many<DrainState> states = Sinks.many().replay().latestOrDefault(DrainState.NONE);

	private Sinks.Empty<Void> end = Sinks.empty();

	private volatile DrainState state = DrainState.NONE;

	Drain(DrainSettings settings, DrainSteps steps) {
		this.settings = settings;
		this.steps = steps;
	}

	/**
	 * Starts a drain for an operator. The process goes on after the drain. If there is a
	 * drain already, this method changes nothing.
	 * @param within how long the drain may take; null for the configured time
	 * @return completes when the drain has ended or was taken back. The drain does not
	 * depend on the subscription
	 */
	public Mono<Void> start(@Nullable Duration within) {
		return start((within != null) ? within : this.settings.within(), false);
	}

	/**
	 * Starts the drain of a node whose process, or whose machine, is about to end. Such a
	 * drain cannot be taken back. It also waits for requests of the API and of other
	 * nodes, and for recorded calls. If no other node is up, it does not wait for agents,
	 * since they have nowhere to go. An operator's drain that has begun becomes such a
	 * drain. If there is such a drain already, this method changes nothing.
	 * @return completes when the drain has ended, which is at the latest when the
	 * configured time is over. The drain does not depend on the subscription
	 */
	public Mono<Void> startBeforeEnd() {
		return start(this.settings.within(), true);
	}

	private synchronized Mono<Void> start(Duration within, boolean ending) {
		if (!this.state.isDraining() || (ending && !this.state.ending())) {
			DrainPlan plan = DrainPlan.of(within, this.settings.announce(), this.steps.node().now(), ending);
			begin(this.state.isDraining() ? plan.announced() : plan);
		}
		return this.end.asMono();
	}

	private void begin(DrainPlan plan) {
		if (this.state.phase() == Phase.NONE || this.state.phase() == Phase.ENDED) {
			this.end = Sinks.empty();
		}
		become(new DrainState(Phase.ANNOUNCED, plan.ending(), plan.until()));
		this.run.update(this.steps.run(plan, (phase) -> enter(plan, phase)).subscribe());
	}

	private synchronized void enter(DrainPlan plan, Phase phase) {
		if (plan.until().equals(this.state.until())) {
			become(new DrainState(phase, plan.ending(), plan.until()));
			if (phase == Phase.ENDED) {
				this.end.tryEmitEmpty();
			}
		}
	}

	/**
	 * Takes an operator's drain back, even after it has ended: the node accepts agents
	 * again. Agents that have been asked to move may still move. If there is no drain, or
	 * if the process is ending, this method changes nothing.
	 * @return true if there is no drain any more; false if the process is ending, and the
	 * drain goes on. If a drain was taken back, completes when the directory knows that
	 * the node is up, or has not answered in time; otherwise at once
	 */
	public Mono<Boolean> takeBack() {
		return Mono.defer(() -> switch (stop()) {
			case NONE -> Mono.just(true);
			case ENDING -> Mono.just(false);
			case STOPPED -> this.steps.node().takeBack().thenReturn(true);
		});
	}

	private enum Stop {

		NONE, ENDING, STOPPED

	}

	private synchronized Stop stop() {
		if (!this.state.isDraining()) {
			return Stop.NONE;
		}
		if (this.state.ending()) {
			return Stop.ENDING;
		}
		this.run.update(Disposables.disposed());
		become(DrainState.NONE);
		this.end.tryEmitEmpty();
		return Stop.STOPPED;
	}

	/**
	 * Publishes the present state in the directory.
	 * @return completes when the directory has it, or has not answered in time
	 */
	Mono<Void> published() {
		return Mono.defer(() -> this.steps.node().publish(this.state.until()));
	}

	/** Whether there is a drain. A drain that has ended counts until it is taken back. */
	public boolean isDraining() {
		return this.state.isDraining();
	}

	/** Returns the present state. */
	public DrainState state() {
		return this.state;
	}

	/**
	 * Follows the state.
	 * @return the present state and then each change; never ends. A slow subscriber gets
	 * only the latest change
	 */
	public Flux<DrainState> states() {
		return this.states.asFlux().onBackpressureLatest();
	}

	private void become(DrainState next) {
		this.state = next;
		this.states.tryEmitNext(next);
	}

}
