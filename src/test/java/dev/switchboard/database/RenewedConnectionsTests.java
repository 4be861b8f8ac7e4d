package dev.switchboard.database;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.time.ManualTime;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RenewedConnectionsTests {

	private final ManualTime time = new ManualTime();

	private final AtomicInteger readings = new AtomicInteger();

	private final List<String> tried = new CopyOnWriteArrayList<>();

	private final Connection connection = Mockito.mock(Connection.class);

	private volatile String secret = "one";

	private volatile String accepted = "one";

	private final RenewedConnections connections = new RenewedConnections(() -> Mono.fromCallable(() -> {
		this.readings.incrementAndGet();
		if (this.secret.isEmpty()) {
			throw new IllegalStateException("Secrets Manager does not answer");
		}
		return new DatabaseCredentials("app", this.secret);
	}), (credentials) -> new Server(credentials), this.time);

	/** Lets clients in with the accepted password only. */
	private final class Server implements ConnectionFactory {

		private final DatabaseCredentials credentials;

		Server(DatabaseCredentials credentials) {
			this.credentials = credentials;
		}

		@Override
		public Publisher<? extends Connection> create() {
			return Mono.fromCallable(() -> {
				RenewedConnectionsTests.this.tried.add(this.credentials.password());
				if (!this.credentials.password().equals(RenewedConnectionsTests.this.accepted)) {
					throw new R2dbcPermissionDeniedException("Access denied", "28000", 1045);
				}
				return RenewedConnectionsTests.this.connection;
			});
		}

		@Override
		public ConnectionFactoryMetadata getMetadata() {
			return () -> "MySQL";
		}

	}

	private void connect() {
		assertThat(this.connections.create().block()).isSameAs(this.connection);
	}

	private void connectInVain(String reason) {
		assertThatExceptionOfType(R2dbcException.class).isThrownBy(() -> this.connections.create().block())
			.withMessageContaining(reason);
	}

	private void rotate(String password) {
		this.secret = password;
		this.accepted = password;
	}

	@Test
	void shouldReadTheCredentialsOnceForManyConnections() {
		connect();
		connect();
		assertThat(this.readings).hasValue(1);
	}

	@Test
	void shouldReadThemAgainWhenTheDatabaseRefusesThem() {
		connect();
		this.time.advance(Duration.ofHours(1));
		rotate("two");
		connect();
		assertThat(this.tried).containsExactly("one", "one", "two");
		connect();
		assertThat(this.readings).hasValue(2);
	}

	@Test
	void shouldNotReadThemAgainWithinSomeSeconds() {
		connect();
		this.accepted = "three";
		this.time.advance(RenewedConnections.BETWEEN_READINGS);
		for (int i = 0; i < 10; i++) {
			connectInVain("Access denied");
		}
		assertThat(this.readings).hasValue(2);
		this.time.advance(RenewedConnections.BETWEEN_READINGS);
		rotate("three");
		connect();
		assertThat(this.readings).hasValue(3);
	}

	@Test
	void shouldConnectOnceTheCredentialsCanBeRead() {
		this.secret = "";
		String reason = "the credentials of the database cannot be read: Secrets Manager does not answer";
		connectInVain(reason);
		this.secret = "one";
		connectInVain(reason);
		assertThat(this.readings).hasValue(1);
		this.time.advance(RenewedConnections.BETWEEN_READINGS);
		connect();
	}

	@Test
	void shouldKeepConnectingWithTheOldOnesWhileTheyAreAcceptedThoughTheSourceIsAway() {
		connect();
		this.secret = "";
		this.time.advance(Duration.ofHours(1));
		connect();
	}

	@Test
	void shouldAskForThemSeldomWhileTheDatabaseRefusesTheOldOnesAndTheSourceIsAway() {
		connect();
		this.time.advance(Duration.ofHours(1));
		this.accepted = "two";
		this.secret = "";
		connectInVain("Secrets Manager does not answer");
		connectInVain("Access denied");
		assertThat(this.readings).hasValue(2);
		this.secret = "two";
		this.time.advance(RenewedConnections.BETWEEN_READINGS);
		connect();
	}

	@Test
	void shouldNotShowThePassword() {
		assertThat(new DatabaseCredentials("app", "hidden").toString()).doesNotContain("hidden");
	}

}
