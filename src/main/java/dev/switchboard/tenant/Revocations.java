package dev.switchboard.tenant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Database;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Revokes agents. A change is in force on this node when the result comes, and on the
 * others within two seconds. Thread-safe. Each result is an error of
 * {@link ProblemException} if the directory does not answer.
 */
public final class Revocations {

	private static final Logger logger = LoggerFactory.getLogger(Revocations.class);

	/** How long the database may be silent. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final Database database;

	private final Knowledge knowledge;

	private final GatewayEvents events;

	private final int most;

	private final Supplier<Instant> directoryTime;

	/**
	 * @param most the most agents that are revoked at a time
	 * @param directoryTime the directory's clock
	 */
	Revocations(Database database, Knowledge knowledge, GatewayEvents events, int most,
			Supplier<Instant> directoryTime) {
		this.database = database;
		this.knowledge = knowledge;
		this.events = events;
		this.most = most;
		this.directoryTime = directoryTime;
	}

	/**
	 * Revokes an agent, whether it was ever seen or not, and sends the event of it. If it
	 * is revoked already, the new reason and caller take the place of the old ones.
	 * @param reason why, in at most 256 characters; null for no reason
	 * @param by the name of the caller
	 * @return completes when the revocation is stored; an error of
	 * {@link ProblemException} if too many agents are revoked
	 */
	public Mono<Void> put(AgentId agent, @Nullable String reason, String by) {
		return request("put-revocation",
				(connection) -> RevocationTable.countOthers(connection, agent)
					.flatMap((others) -> (others < this.most) ? ChangeTable.change(connection,
							(number) -> RevocationTable.put(connection, number, agent, reason, by).thenReturn(number))
							: Mono.error(tooMany())))
			.doOnNext((number) -> {
				this.knowledge.apply(agent, true);
				announce(agent, number, reason);
			})
			.then();
	}

	private ProblemException tooMany() {
		return new ProblemException(Problem.TOO_MANY_REQUESTS,
				"As many agents are revoked as switchboard.tenants.max-revocations allows (" + this.most + ")");
	}

	/** If the log does not take the event, the revocation holds without it. */
	private void announce(AgentId agent, long number, @Nullable String reason) {
		Payload data = Payload.of(new JsonWriter().optionalString("reason", reason).end());
		GatewayEvent event = new GatewayEvent(agent, "switchboard.agent.revoked", "revoked:" + number, agent.agent(),
				this.directoryTime.get(), data);
		this.events.store(List.of(event))
			.subscribe(null,
					(failure) -> logger.debug("No event says that {} is revoked: {}", agent, failure.toString()));
	}

	/**
	 * Finds the revocation of an agent.
	 * @return the revocation; an error of {@link ProblemException} if the agent is not
	 * revoked
	 */
	public Mono<Revocation> find(AgentId agent) {
		return request("find-revocation", (connection) -> RevocationTable.find(connection, agent))
			.switchIfEmpty(Mono.error(() -> new ProblemException(Problem.NOT_FOUND, "The agent is not revoked")));
	}

	/** Takes the revocation of an agent back. If there is none, nothing happens. */
	public Mono<Void> delete(AgentId agent) {
		return request("delete-revocation",
				(connection) -> ChangeTable.change(connection,
						(number) -> RevocationTable.takeBack(connection, number, agent)))
			.doOnNext((_) -> this.knowledge.apply(agent, false))
			.then();
	}

	private <T> Mono<T> request(String statement, Function<Connection, Mono<T>> work) {
		return Database.forCaller(PATIENCE, this.database.request(statement, work));
	}

}
