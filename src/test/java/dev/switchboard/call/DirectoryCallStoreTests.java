package dev.switchboard.call;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.database.Sha256;
import dev.switchboard.database.Sql;
import dev.switchboard.database.TestDatabase;
import dev.switchboard.directory.TestNode;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.TestIds;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

@ParameterizedClass
@EnumSource
class DirectoryCallStoreTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final Sha256 BODY = Sha256.of(Sql.bytes("{}"));

	private static final Duration KEEP = Duration.ofHours(1);

	private static final Payload OUTCOME = Payload.parse("{\"outcome\":\"completed\"}");

	private final ConnectionFactory connections;

	private final TestNode node;

	private final TestNode other;

	DirectoryCallStoreTests(TestDatabase kind) {
		this.connections = kind.create();
		this.node = new TestNode(this.connections, Duration.ofSeconds(15));
		get(this.node.register());
		this.other = new TestNode(this.connections, Duration.ofSeconds(15));
	}

	@AfterEach
	void close() {
		this.node.close();
		this.other.close();
	}

	private static NewCall call(@Nullable String key) {
		return new NewCall(TestIds.call(), AGENT, "alice", key, BODY, KEEP);
	}

	private StoredCall begun(NewCall call) {
		return get(TestCalls.begunPatiently(this.node, call));
	}

	private StoredCall found(CallId id) {
		return get(this.node.calls.find("acme", id, LIMIT));
	}

	private @Nullable StoredCall lookUp(CallId id) {
		return this.node.calls.find("acme", id, LIMIT).block();
	}

	@Test
	void shouldRecordAPendingCall() {
		NewCall call = call("k1");
		StoredCall record = begun(call);
		assertThat(record.id()).isEqualTo(call.id());
		assertThat(record.agent()).isEqualTo(AGENT);
		assertThat(record.caller()).isEqualTo("alice");
		assertThat(record.key()).isEqualTo("k1");
		assertThat(record.bodyHash()).isEqualTo(BODY);
		assertThat(record.node()).isEqualTo(this.node.id);
		assertThat(record.nodeGone()).isFalse();
		assertThat(record.pending()).isTrue();
		assertThat(record.expires()).isEqualTo(record.created().plus(KEEP));
		assertThat(found(call.id())).isEqualTo(record);
	}

	@Test
	void shouldReturnTheEarlierCallOfAKey() {
		StoredCall first = begun(call("k1"));
		assertThat(get(this.other.calls.begin(call("k1")))).isEqualTo(first);
	}

	@Test
	void shouldTellScopesApart() {
		List<NewCall> calls = List.of(call("k1"), call("K1"),
				new NewCall(TestIds.call(), AGENT, "bob", "k1", BODY, KEEP),
				new NewCall(TestIds.call(), new AgentId("acme", "Laptop"), "alice", "k1", BODY, KEEP),
				new NewCall(TestIds.call(), new AgentId("other", "laptop"), "alice", "k1", BODY, KEEP));
		assertThat(calls).allSatisfy((call) -> assertThat(begun(call).id()).isEqualTo(call.id()));
	}

	@Test
	void shouldRecordEachCallWithoutAKey() {
		List<NewCall> calls = List.of(call(null), call(null));
		assertThat(calls).allSatisfy((call) -> assertThat(begun(call).id()).isEqualTo(call.id()));
	}

	@Test
	void shouldRecordOneOfManyCallsWithOneKeyAtOnce() {
		List<StoredCall> records = get(Flux.range(0, 60)
			.flatMap((i) -> TestCalls.begunPatiently((i % 2 == 0) ? this.node : this.other, call("k1")), 16)
			.collectList());
		assertThat(records).hasSize(60).extracting(StoredCall::id).containsOnly(records.getFirst().id());
	}

	@Test
	void shouldEndACallOnce() {
		NewCall call = call("k1");
		begun(call);
		assertThat(get(this.node.calls.end(call.id(), OUTCOME, KEEP))).isTrue();
		assertThat(get(this.other.calls.end(call.id(), Payload.NULL, KEEP))).isFalse();
		assertThat(found(call.id()).outcome()).isEqualTo(OUTCOME);
		assertThat(found(call.id()).pending()).isFalse();
	}

	@Test
	void shouldNotEndACallThatIsNotThere() {
		assertThat(get(this.node.calls.end(TestIds.call(), OUTCOME, KEEP))).isFalse();
	}

	@Test
	void shouldKeepALargeOutcome() {
		NewCall call = call(null);
		begun(call);
		Payload large = Payload.parse("\"" + "x".repeat(2_000_000) + "\"");
		get(this.node.calls.end(call.id(), large, KEEP));
		assertThat(found(call.id()).outcome()).isEqualTo(large);
	}

	@Test
	void shouldFreeTheKeyOfASettledCall() {
		NewCall call = call("k1");
		begun(call);
		settle(call);
		assertThat(found(call.id()).outcome()).isEqualTo(OUTCOME);
		NewCall again = call("k1");
		assertThat(begun(again).id()).isEqualTo(again.id());
	}

	/**
	 * After a connection was lost, its INSERT may still wait in the server for a lock.
	 */
	@Test
	void shouldNotGiveItsKeyToACallThatIsRecordedAfterItWasSettled() {
		NewCall call = call("k1");
		settle(call);
		assertThat(this.node.calls.begin(call).onErrorComplete(DatabaseUnavailableException.class).block(LIMIT))
			.isNull();
		assertThat(found(call.id()).outcome()).isEqualTo(OUTCOME);
		NewCall again = call("k1");
		assertThat(begun(again).id()).isEqualTo(again.id());
	}

	@Test
	void shouldSettleACallWithoutTouchingTheOneThatHasItsKey() {
		NewCall first = call("k1");
		begun(first);
		settle(call("k1"));
		assertThat(found(first.id()).pending()).isTrue();
		assertThat(begun(call("k1")).id()).isEqualTo(first.id());
	}

	private void settle(NewCall call) {
		this.node.calls.settle(call, OUTCOME, KEEP).block(LIMIT);
	}

	@Test
	void shouldNotShowACallToAnotherTenant() {
		NewCall call = call(null);
		begun(call);
		assertThat(this.node.calls.find("other", call.id(), LIMIT).block()).isNull();
	}

	@Test
	void shouldForgetAnExpiredCall() {
		NewCall call = call("k1");
		begun(call);
		get(this.node.calls.end(call.id(), OUTCOME, Duration.ZERO));
		assertThat(lookUp(call.id())).isNull();
		NewCall again = call("k1");
		assertThat(begun(again).id()).isEqualTo(again.id());
	}

	@Test
	void shouldDeleteExpiredCallsOnly() {
		NewCall expired = call("k1");
		NewCall kept = call("k2");
		begun(expired);
		begun(kept);
		get(this.node.calls.end(expired.id(), OUTCOME, Duration.ZERO));
		this.node.retention.sweep().block(LIMIT);
		assertThat(this.node.count("calls")).isEqualTo(1);
		assertThat(lookUp(kept.id())).isNotNull();
	}

	@Test
	void shouldTellThatTheNodeOfACallIsGone() {
		NewCall call = call("k1");
		begun(call);
		get(this.node.member.remove());
		assertThat(found(call.id()).nodeGone()).isTrue();
	}

}
