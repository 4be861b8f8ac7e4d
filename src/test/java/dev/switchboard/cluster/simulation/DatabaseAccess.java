package dev.switchboard.cluster.simulation;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import io.r2dbc.spi.Batch;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The way from one run of a node to the database. Connections and statements are wrapped,
 * so that each statement travels, and so that the database can fail.
 */
record DatabaseAccess(SimulatedDatabase database, NodeRun run) implements ConnectionFactory {

	@Override
	public Publisher<? extends Connection> create() {
		return Mono.create((made) -> this.database.onWay(this.run, () -> {
			if (this.database.refuses()) {
				made.error(SimulatedDatabase.gone());
			}
			else {
				this.database.open(this.run).map(this::wrap).subscribe(made::success, made::error);
			}
		}));
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return () -> "H2";
	}

	private Connection wrap(DatabaseSession session) {
		return proxy(Connection.class, (method, arguments) -> switch (method.getName()) {
			case "validate" -> Mono.just(!session.isEnded());
			case "createStatement" -> statement(session, translated((String) arguments[0]));
			case "createBatch" -> batch(session.h2().createBatch());
			case "close" -> {
				this.database.closed(session);
				yield method.invoke(session.h2(), arguments);
			}
			default -> method.invoke(session.h2(), arguments);
		});
	}

	/**
	 * Returns a statement that asks the simulated clock. The library for migrations has
	 * made its table with a name in small letters, which H2 must find in quotes.
	 */
	private static String translated(String sql) {
		return sql.replace("NOW(6)", "SIMULATED_NOW()").replace("FROM schema_version", "FROM \"schema_version\"");
	}

	@SuppressWarnings("ReferenceEquality") // A statement returns itself.
	private Statement statement(DatabaseSession session, String sql) {
		Statement statement = session.h2().createStatement(sql);
		Statement[] wrapped = new Statement[1];
		wrapped[0] = proxy(Statement.class, (method, arguments) -> {
			if (method.getName().equals("execute")) {
				return this.database.run(session, sql, statement);
			}
			Object result = method.invoke(statement, arguments);
			return (result == statement) ? wrapped[0] : result;
		});
		return wrapped[0];
	}

	/**
	 * Returns a batch whose failures have the numbers of MySQL. The library for
	 * migrations runs some files as batches.
	 */
	private static Batch batch(Batch batch) {
		return proxy(Batch.class, (method, arguments) -> {
			Object result = method.invoke(batch, arguments);
			return (result instanceof Publisher<?> answers)
					? Flux.from(answers).onErrorMap(SimulatedDatabase::asOfMySql) : result;
		});
	}

	private interface Invocation {

		@Nullable Object invoke(Method method, Object[] arguments) throws IllegalAccessException, InvocationTargetException;

	}

	private static <T> T proxy(Class<T> type, Invocation invocation) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (_, method, arguments) -> {
				try {
					return invocation.invoke(method, arguments);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
