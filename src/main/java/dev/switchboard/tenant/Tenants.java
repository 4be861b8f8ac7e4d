package dev.switchboard.tenant;

import java.util.List;
import java.util.function.Function;

import dev.switchboard.database.Database;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Mono;

/**
 * Shows and changes the settings of tenants. A tenant exists as soon as it is named. A
 * change is in force on this node when the result comes, and on the others within two
 * seconds. Thread-safe. Each result is an error of {@link ProblemException} if the
 * directory does not answer.
 */
public final class Tenants {

	private final Database database;

	private final Knowledge knowledge;

	private final int most;

	/**
	 * @param most the most tenants that have settings
	 */
	Tenants(Database database, Knowledge knowledge, int most) {
		this.database = database;
		this.knowledge = knowledge;
		this.most = most;
	}

	/** Returns the settings of a tenant. */
	public Mono<TenantSettings> find(String tenant) {
		return request("find-tenant", (connection) -> TenantTable.find(connection, tenant))
			.defaultIfEmpty(TenantSettings.unset(tenant));
	}

	/**
	 * Sets the settings of a tenant, in place of those that it had.
	 * @return completes when they are stored; an error of {@link ProblemException} if too
	 * many tenants have settings
	 */
	public Mono<Void> put(TenantSettings settings) {
		return request("put-tenant",
				(connection) -> TenantTable.countOthers(connection, settings.tenant())
					.flatMap((others) -> (others < this.most)
							? ChangeTable.change(connection, (number) -> TenantTable.put(connection, number, settings))
							: Mono.error(tooMany())))
			.doOnNext((_) -> this.knowledge.apply(settings))
			.then();
	}

	private ProblemException tooMany() {
		return new ProblemException(Problem.TOO_MANY_REQUESTS,
				"As many tenants have settings as switchboard.tenants.max-settings allows (" + this.most + ")");
	}

	/**
	 * Lists the tenants that have settings or agents, in the order of their names.
	 * @param after the tenant after which the list begins; empty for the beginning
	 * @param limit the most tenants
	 */
	public Mono<List<TenantSettings>> list(String after, int limit) {
		return request("list-tenants", (connection) -> TenantTable.list(connection, after, limit));
	}

	private <T> Mono<T> request(String statement, Function<Connection, Mono<T>> work) {
		return Database.forCaller(Revocations.PATIENCE, this.database.request(statement, work));
	}

}
