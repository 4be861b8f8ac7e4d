package dev.switchboard.call;

import java.time.Duration;

import dev.switchboard.database.MortalConnections;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Calls with keys that are recorded too late, or are never confirmed. */
@ParameterizedClass
@EnumSource
class LateCallsTests {

	private final ConnectionFactory connections;

	private final MortalConnections mortal;

	private final TestNode dying;

	private final TestNode other;

	LateCallsTests(TestDatabase kind) {
		this.connections = kind.create();
		this.mortal = new MortalConnections(this.connections);
		this.dying = new TestNode(this.mortal, Duration.ofSeconds(15));
		// Two nodes do not make tables in H2 at the same time.
		get(this.dying.register());
		this.other = new TestNode(this.connections, Duration.ofSeconds(15));
		get(this.other.register());
	}

	@AfterEach
	void close() {
		this.dying.close();
		this.other.close();
	}

	@Test
	void shouldFreeTheKeyOfACallThatIsRecordedAfterItsNodeHasDied() {
		Connection locking = get(Mono.from(this.connections.create()));
		get(Mono.from(locking.beginTransaction()).thenReturn(true));
		get(CallTable.insert(locking, call(), this.other.id, LIMIT));
		assertThat(outcome(this.dying)).isEqualTo(Outcome.NOT_SENT);
		this.mortal.die();
		get(Mono.from(locking.rollbackTransaction()).thenReturn(true));
		await().atMost(LIMIT).until(() -> this.other.count("calls") == 1);
		await().atMost(LIMIT).until(() -> outcome(this.other) == Outcome.COMPLETED);
		Mono.from(locking.close()).block(LIMIT);
	}

	private static Outcome outcome(TestNode node) {
		return get(TestCalls.outcome(TestCalls.recorder(node), request()));
	}

	/** The database may roll the confirmation back. Then everything is sent again. */
	@Test
	void shouldConfirmACallThatWasInsertedBefore() {
		NewCall call = call();
		assertThat(inserted(call, Duration.ofMinutes(1))).isTrue();
		StoredCall record = begun(this.dying, call);
		assertThat(record.expires()).isEqualTo(record.created().plus(call.keep()));
		assertThat(get(this.other.calls.find("acme", call.id(), LIMIT))).isEqualTo(record);
	}

	@Test
	void shouldNotConfirmACallThatHasExpired() {
		NewCall call = call();
		assertThat(inserted(call, Duration.ZERO)).isTrue();
		assertThat(confirmed(call)).isFalse();
		assertThat(this.other.calls.find("acme", call.id(), LIMIT).block()).isNull();
	}

	@Test
	void shouldNotConfirmACallWhoseKeyAnotherCallHasTaken() {
		NewCall slow = call();
		assertThat(inserted(slow, Duration.ZERO)).isTrue();
		NewCall next = call();
		assertThat(begun(this.other, next).id()).isEqualTo(next.id());
		assertThat(confirmed(slow)).isFalse();
		assertThat(begun(this.dying, slow).id()).isEqualTo(next.id());
	}

	private boolean inserted(NewCall call, Duration keep) {
		return get(this.dying.database.request("begin",
				(connection) -> CallTable.insert(connection, call, this.dying.id, keep)));
	}

	private boolean confirmed(NewCall call) {
		return get(this.dying.database.request("begin", (connection) -> CallTable.confirm(connection, call)));
	}

	private static StoredCall begun(TestNode node, NewCall call) {
		return get(TestCalls.begunPatiently(node, call));
	}

	private static NewCall call() {
		return Recorder.newCall(request());
	}

	private static CallRequest request() {
		return TestCalls.request(new AgentId("acme", "laptop"), "k1", Payload.parse("{\"method\":\"m\"}"));
	}

}
