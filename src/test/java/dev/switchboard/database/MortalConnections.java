package dev.switchboard.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * The connections of a node that dies. The database still runs the statements that the
 * node has sent, and gets no further statement.
 */
public final class MortalConnections implements ConnectionFactory {

	private final ConnectionFactory connections;

	private volatile boolean dead;

	public MortalConnections(ConnectionFactory connections) {
		this.connections = connections;
	}

	/** Lets the node die. */
	public void die() {
		this.dead = true;
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
						throw new IllegalStateException("the node is dead");
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
