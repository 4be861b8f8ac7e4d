package dev.switchboard.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * The connections of a node that dies, or that loses the database for a time. The
 * database still runs the statements that the node has sent, and gets no further
 * statement.
 */
public final class MortalConnections implements ConnectionFactory {

	private final ConnectionFactory connections;

	private final AtomicInteger refused = new AtomicInteger();

	private volatile boolean dead;

	public MortalConnections(ConnectionFactory connections) {
		this.connections = connections;
	}

	/** Lets the node die. */
	public void die() {
		this.dead = true;
	}

	/** Lets the node reach the database again. */
	public void revive() {
		this.dead = false;
	}

	/** Returns how many statements did not reach the database. */
	public int refused() {
		return this.refused.get();
	}

	@Override
	public Publisher<? extends Connection> create() {
		return Mono.from(this.connections.create()).map(this::mortal);
	}

	@Override
	public ConnectionFactoryMetadata getMetadata() {
		return this.connections.getMetadata();
	}

	private Connection mortal(Connection connection) {
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (_, method, arguments) -> {
					if (this.dead && method.getName().equals("createStatement")) {
						this.refused.incrementAndGet();
						throw new R2dbcNonTransientResourceException("the node is dead");
					}
					try {
						return method.invoke(connection, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
