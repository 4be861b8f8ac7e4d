package dev.switchboard.call;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import dev.switchboard.connection.Answer;
import dev.switchboard.connection.ConnectionException;
import dev.switchboard.database.DatabaseUnavailableException;
import dev.switchboard.json.Payload;
import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.routing.ForwardException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class CallFinderTests {

	private static final NodeRecord OTHER = new NodeRecord(TestIds.node(), "127.0.0.1", 8070, null, NodeState.UP, 0, 1,
			Instant.EPOCH, Duration.ofSeconds(15));

	private static final NewCall CALL = Recorder
		.newCall(TestCalls.request(new AgentId("acme", "laptop"), "k", Payload.NULL));

	private static final CallOutcome COMPLETED = CallOutcome.of(CALL.id(), new Answer.Completed(Payload.NULL));

	private final StoredCall here = ScriptedStore.pending(CALL, ScriptedStore.SELF);

	private final StoredCall there = ScriptedStore.pending(CALL, OTHER.id());

	private final ScriptedStore store = new ScriptedStore();

	private final ScriptedForwarder forwarder = new ScriptedForwarder();

	private Mono<NodeRecord> node = Mono.just(OTHER);

	private final CallFinder finder = new CallFinder(this.store, (_, _) -> this.node, this.forwarder,
			ScriptedStore.SELF);

	@Test
	void shouldTakeTheOutcomeFromTheRecord() {
		RecordedCall call = find(ScriptedStore.ended(this.there, COMPLETED));
		assertThat(call).isEqualTo(new RecordedCall.Ended(CALL.id(), COMPLETED));
		assertThat(call.ended()).contains(COMPLETED);
		assertThat(get(call.cancel())).isEqualTo(COMPLETED);
		assertThat(this.forwarder.asked).isEmpty();
	}

	@Test
	void shouldReadTheRecordAgainWhenItsCallHasLeftThisNode() {
		this.store.found.put(CALL.id(), List.of(ScriptedStore.ended(this.here, COMPLETED)));
		assertThat(find(this.here).ended()).contains(COMPLETED);
	}

	@Test
	void shouldNotKnowTheOutcomeOfACallThatThisNodeLost() {
		this.store.found.put(CALL.id(), List.of(this.here));
		assertLost(find(this.here));
		this.store.found.clear();
		assertLost(find(this.here));
	}

	@Test
	void shouldNotKnowTheOutcomeOfACallWhoseNodeIsGone() {
		assertLost(find(ScriptedStore.gone(this.there)));
		assertThat(this.forwarder.asked).isEmpty();
	}

	@Test
	void shouldAskTheNodeThatRunsTheCall() {
		RecordedCall call = find(this.there);
		assertThat(call.ended()).isEmpty();
		assertThat(call.resource()).isEqualTo(CallOutcome.pending(CALL.id()));
		assertThat(this.forwarder.asked).isEmpty();
		this.forwarder.resource = Mono.just(COMPLETED.resource());
		assertThat(get(call.outcome())).isEqualTo(COMPLETED);
		assertThat(get(call.cancel())).isEqualTo(COMPLETED);
		assertThat(this.forwarder.asked).containsExactly("outcome of " + CALL.id(), "cancel of " + CALL.id());
	}

	@Test
	void shouldReadTheRecordAgainWhenItsNodeDoesNotRunTheCall() {
		this.store.found.put(CALL.id(), List.of(ScriptedStore.ended(this.there, COMPLETED)));
		assertThat(get(find(this.there).outcome())).isEqualTo(COMPLETED);
	}

	@Test
	void shouldReadTheRecordAgainWhenItsNodeIsNotThere() {
		this.node = Mono.empty();
		this.store.found.put(CALL.id(), List.of(ScriptedStore.ended(this.there, COMPLETED)));
		assertThat(get(find(this.there).outcome())).isEqualTo(COMPLETED);
	}

	@Test
	void shouldNotKnowTheOutcomeWhenTheNodeIsLost() {
		for (RuntimeException loss : List.of(new ForwardException(ForwardException.Reason.LOST),
				new ConnectionException(ConnectionException.Reason.DEADLINE))) {
			this.forwarder.resource = Mono.error(loss);
			this.store.found.put(CALL.id(), new ArrayList<>(List.of(this.there)));
			assertLost(get(find(this.there).outcome()));
		}
	}

	@Test
	void shouldNotKnowTheOutcomeWhenNodeAndDirectoryAreAway() {
		this.forwarder.resource = Mono.error(new ForwardException(ForwardException.Reason.LOST));
		this.store.otherwise = Mono.error(new DatabaseUnavailableException("away", new IllegalStateException()));
		assertLost(get(find(this.there).outcome()));
	}

	private RecordedCall find(StoredCall record) {
		return get(this.finder.find(record));
	}

	private static <T> T get(Mono<T> value) {
		return Objects.requireNonNull(value.block());
	}

	private static void assertLost(RecordedCall call) {
		assertLost(call.ended().orElseThrow());
	}

	private static void assertLost(CallOutcome outcome) {
		assertThat(outcome.status()).isEqualTo(502);
		assertThat(outcome.outcome()).isEqualTo(Outcome.UNKNOWN);
	}

}
