package dev.switchboard.routing;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.NodeId;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Runs errands where their agents are: here, or on the node that holds the agent. A node
 * that does not, or that cannot be reached, may have been named by what was true a moment
 * ago, so the router looks once more, and then answers. Thread-safe.
 */
@Component
public final class AgentRouter {

	private final ConnectionRegistry registry;

	private final Function<AgentId, Mono<?>> awaitElsewhere;

	private final Locations locations;

	private final NodeId self;

	@Autowired
	AgentRouter(ConnectionRegistry registry, AgentDirectory directory, Locations locations, NodeId self) {
		this(registry, directory::awaitElsewhere, locations, self);
	}

	/**
	 * @param awaitElsewhere waits until another node holds the agent
	 */
	AgentRouter(ConnectionRegistry registry, Function<AgentId, Mono<?>> awaitElsewhere, Locations locations,
			NodeId self) {
		this.registry = registry;
		this.awaitElsewhere = awaitElsewhere;
		this.locations = locations;
		this.self = self;
	}

	/**
	 * Runs an errand.
	 * @param wait how long it may take
	 * @return what comes of it; an error of {@link ProblemException} if it could not be
	 * run
	 */
	public <T> Mono<T> run(AgentId agent, Duration wait, Errand<T> errand) {
		return seek(agent, wait, errand).onErrorMap(ForwardException.class, AgentRouter::noWay);
	}

	/**
	 * Runs an errand, for an agent that may yet have to turn up, here or elsewhere: for
	 * one that is offline, or on a node to which there is no way, it is tried again as
	 * often as the agent seems to be somewhere.
	 * @param connectWait how long it may take to turn up, on top of the wait
	 */
	public <T> Mono<T> run(AgentId agent, Duration wait, Duration connectWait, Errand<T> errand) {
		return connectWait.isZero() ? run(agent, wait, errand) : Mono.defer(() -> {
			long endNanos = System.nanoTime() + connectWait.toNanos();
			return seek(agent, wait, errand).retryWhen(whileItMayTurnUp(agent, endNanos))
				.onErrorMap(ForwardException.class, AgentRouter::noWay);
		});
	}

	/**
	 * As {@link #run}, but an errand that could not be sent ends in
	 * {@link ForwardException}.
	 */
	private <T> Mono<T> seek(AgentId agent, Duration wait, Errand<T> errand) {
		return Mono.defer(() -> {
			AgentConnection connection = this.registry.find(agent);
			return (connection != null) ? errand.here().apply(connection) : new Run<>(agent, wait, errand).start();
		});
	}

	private static ProblemException noWay(ForwardException unsent) {
		return new ProblemException(Problem.UNAVAILABLE, "There is no way to the node that holds the agent");
	}

	private Retry whileItMayTurnUp(AgentId agent, long endNanos) {
		return Retry.from((failures) -> failures.map(Retry.RetrySignal::failure)
			.concatMap((failure) -> mayPass(failure) ? turnUp(agent, endNanos, failure) : Mono.error(failure)));
	}

	/** Whether the agent, not being where it was, may be back somewhere in a moment. */
	private static boolean mayPass(Throwable failure) {
		return switch (failure) {
			case ForwardException ex -> ex.reason() == ForwardException.Reason.UNSENT;
			case ProblemException ex -> ex.problem() == Problem.AGENT_OFFLINE;
			case ConnectionException ex -> ex.reason() == ConnectionException.Reason.GONE;
			default -> false;
		};
	}

	private Mono<Boolean> turnUp(AgentId agent, long endNanos, Throwable otherwise) {
		return Mono.firstWithSignal(this.registry.await(agent).then(), this.awaitElsewhere.apply(agent).then())
			.timeout(Duration.ofNanos(Math.max(0, endNanos - System.nanoTime())))
			.onErrorMap(TimeoutException.class, (_) -> otherwise)
			.thenReturn(true);
	}

	/**
	 * Looks whether an errand could be run.
	 * @return completes if so; the error of {@link ProblemException} that it would end in
	 * otherwise
	 */
	public Mono<Void> check(AgentId agent, Duration wait, boolean mayTurnUp) {
		return this.locations.locate(agent, wait)
			.flatMap((location) -> (mayTurnUp || location.isElsewhere(this.self)) ? Mono.empty()
					: Mono.error(ProblemException.offline(location.lastSeen())));
	}

	/** One errand for an agent that is not here. */
	private final class Run<T> {

		private final AgentId agent;

		private final Errand<T> errand;

		private final long endNanos;

		Run(AgentId agent, Duration wait, Errand<T> errand) {
			this.agent = agent;
			this.errand = errand;
			this.endNanos = System.nanoTime() + wait.toNanos();
		}

		Mono<T> start() {
			return AgentRouter.this.locations.locate(this.agent, left())
				.flatMap((location) -> go(location).onErrorResume(ForwardException.class,
						(failure) -> lookOnceMore(location, failure)));
		}

		private Mono<T> lookOnceMore(Location location, ForwardException failure) {
			if (failure.reason() == ForwardException.Reason.LOST) {
				return giveUp(location, failure);
			}
			AgentRouter.this.locations.forget(this.agent);
			return AgentRouter.this.locations.lookUp(this.agent, left())
				.flatMap((now) -> now.isInVain(location, failure) ? giveUp(now, failure)
						: go(now).onErrorResume(ForwardException.class, (ex) -> giveUp(now, ex)));
		}

		private Mono<T> giveUp(Location location, ForwardException failure) {
			AgentRouter.this.locations.forget(this.agent);
			return Mono.error(answer(location, failure));
		}

		private Mono<T> go(Location location) {
			AgentConnection arrived = AgentRouter.this.registry.find(this.agent);
			if (arrived != null) {
				return this.errand.here().apply(arrived);
			}
			if (!location.isElsewhere(AgentRouter.this.self)) {
				return Mono.error(ProblemException.offline(location.lastSeen()));
			}
			Duration left = left();
			return left.isPositive() ? this.errand.there().apply(Objects.requireNonNull(location.node()), left)
					: Mono.error(ProblemException.deadlineUnsent());
		}

		private RuntimeException answer(Location location, ForwardException failure) {
			return switch (failure.reason()) {
				case NOT_HERE -> ProblemException.offline(location.lastSeen());
				case UNSENT -> failure;
				case LOST -> new ProblemException(Problem.NODE_DISCONNECTED,
						"The node that holds the agent, or the way to it, went away while the call was in flight");
			};
		}

		private Duration left() {
			return Duration.ofNanos(Math.max(0, this.endNanos - System.nanoTime()));
		}

	}

}
