package dev.switchboard.security;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.CredentialsReceiver;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.Frame;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Checks the fresh tokens of agents, off the event loops. A good one moves the end of the
 * connection, and a bad one closes it. If a token cannot be checked at the moment, the
 * connection keeps the end that it has. A connection has at most one check at a time and
 * one in each {@link #PAUSE}; of the tokens that come meanwhile, the last one is checked
 * next. Thread-safe.
 */
final class AuthRefreshes implements CredentialsReceiver {

	static final Duration PAUSE = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(AuthRefreshes.class);

	/** The longest token: as long as the headers of a handshake may be. */
	private static final int LONGEST_TOKEN = 16 * 1024;

	private final Function<String, Mono<AgentCredentials>> authenticator;

	private final MeterRegistry meters;

	/** The connections that have a check, or had one a moment ago. */
	private final Map<AgentConnection, Check> checks = new ConcurrentHashMap<>();

	/**
	 * @param authenticator checks a token; its result is an error of
	 * {@link ProblemException} if the token is bad or cannot be checked
	 */
	AuthRefreshes(Function<String, Mono<AgentCredentials>> authenticator, MeterRegistry meters) {
		this.authenticator = authenticator;
		this.meters = meters;
	}

	/** The check of a connection. Only the connection's event loop uses it. */
	private static final class Check {

		private @Nullable String next;

	}

	@Override
	public void receive(AgentConnection connection, Frame.AuthRefresh refresh) {
		if (refresh.token().length() > LONGEST_TOKEN) {
			refuse(connection, "the token is too long");
			return;
		}
		Check running = this.checks.get(connection);
		if (running != null) {
			running.next = refresh.token();
		}
		else {
			begin(connection, refresh.token());
		}
	}

	private void begin(AgentConnection connection, String token) {
		Check check = new Check();
		this.checks.put(connection, check);
		Mono<Void> checked = Mono.defer(() -> this.authenticator.apply(token))
			.subscribeOn(Schedulers.parallel())
			.doOnNext((credentials) -> connection.onLoop(() -> renew(connection, credentials)))
			.doOnError((failure) -> connection.onLoop(() -> failed(connection, failure)))
			.onErrorComplete()
			.then();
		Mono.when(checked, Mono.delay(PAUSE))
			.doFinally((_) -> connection.onLoop(() -> end(connection, check)))
			.subscribe();
	}

	private void end(AgentConnection connection, Check check) {
		this.checks.remove(connection);
		if (check.next != null && !connection.isClosing()) {
			begin(connection, check.next);
		}
	}

	private void renew(AgentConnection connection, AgentCredentials credentials) {
		if (!credentials.agent().equals(connection.agent())) {
			refuse(connection, "the token is for another agent");
			return;
		}
		count("renewed");
		connection.renewCredentials(credentials);
	}

	private void failed(AgentConnection connection, Throwable failure) {
		if (failure instanceof ProblemException problem && problem.problem() != Problem.UNAVAILABLE) {
			refuse(connection, problem.detail());
			return;
		}
		count("unchecked");
		logger.debug("A fresh token of {} cannot be checked: {}", connection.agent(), failure.toString());
	}

	private void refuse(AgentConnection connection, String why) {
		count("refused");
		connection.refuseCredentials("fresh token: " + why);
	}

	private void count(String outcome) {
		this.meters.counter("switchboard.credentials.refreshes", "outcome", outcome).increment();
	}

}
