package dev.switchboard.directory;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

/** Has MariaDB explain each statement, with its values, before it runs it. */
final class Explained {

	/** One table's part in a statement's plan. */
	record Plan(String table, String type, String key, String rows, String extra) {

		static Plan read(Readable row) {
			return new Plan(text(row, "table"), text(row, "type"), text(row, "key"), text(row, "rows"),
					text(row, "Extra"));
		}

		private static String text(Readable row, String column) {
			Object value = row.get(column);
			return (value != null) ? value.toString() : "-";
		}

		/**
		 * Whether all of the agents, or of a key of theirs, would be read. An INSERT,
		 * which reads none, is of type ALL without rows.
		 */
		boolean scansAgents() {
			return (this.table.equals("a") || this.table.equals("agents"))
					&& (this.type.equals("ALL") || this.type.equals("index")) && !this.rows.equals("-");
		}

	}

	private final Connection connection;

	private final Consumer<List<Plan>> plans;

	private Explained(Connection connection, Consumer<List<Plan>> plans) {
		this.connection = connection;
		this.plans = plans;
	}

	/** The connection, whose statements' plans go to the consumer. */
	static Connection connection(Connection connection, Consumer<List<Plan>> plans) {
		Explained explained = new Explained(connection, plans);
		return proxy(Connection.class, (method, args) -> method.getName().equals("createStatement")
				? explained.statement((String) args[0]) : call(connection, method, args));
	}

	private Statement statement(String sql) {
		Statement statement = this.connection.createStatement(sql);
		Statement explain = this.connection.createStatement("EXPLAIN " + sql);
		return proxy(Statement.class, (method, args) -> {
			if (method.getName().startsWith("bind")) {
				call(explain, method, args);
			}
			Object result = call(statement, method, args);
			return method.getName().equals("execute")
					? explainFirst(explain, (Publisher<?>) Objects.requireNonNull(result)) : result;
		});
	}

	private Flux<Object> explainFirst(Statement explain, Publisher<?> run) {
		List<Plan> plan = new ArrayList<>();
		return Flux.<Result>from(explain.execute())
			.concatMap((result) -> result.map(Plan::read))
			.doOnNext(plan::add)
			.doOnComplete(() -> this.plans.accept(plan))
			.thenMany(Flux.from(run));
	}

	private interface Handler {

		@Nullable Object handle(Method method, Object[] args) throws Throwable;

	}

	private static <T> T proxy(Class<T> type, Handler handler) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(self, method, args) -> handler.handle(method, (args != null) ? args : new Object[0])));
	}

	private static @Nullable Object call(Object target, Method method, Object[] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
