package dev.switchboard.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.switchboard.cluster.Violation.Rule;
import dev.switchboard.problem.Outcome;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.ConnectionId;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.protocol.TestIds;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HistoryCheckTests {

	private static final AgentId AGENT = new AgentId("acme", "till-1");

	private static final AgentId OTHER_TENANTS = new AgentId("zeta", "till-1");

	private static final ConnectionId CONNECTION = TestIds.connection();

	private static final NodeId NODE = TestIds.node();

	private static final CallId ID = new CallId(new UUID(1, 1));

	private final List<Entry> history = new ArrayList<>();

	private void begin(int call, @Nullable String key, String nonce) {
		this.history.add(new Entry.Begun(call, AGENT, key, nonce));
	}

	private void receive(AgentId agent, String nonce) {
		this.history.add(new Entry.Received(agent, CONNECTION, ID, nonce));
	}

	private void answer(String nonce, String result) {
		this.history.add(new Entry.Answered(AGENT, ID, nonce, result));
	}

	private void end(int call, Ending ending) {
		this.history.add(new Entry.Ended(call, ending));
	}

	private void open(ConnectionId connection, long epoch) {
		this.history.add(new Entry.Opened(AGENT, connection, epoch, NODE));
	}

	private void claim(ConnectionId connection, long epoch, @Nullable NodeId node) {
		this.history.add(new Entry.Claimed(AGENT, connection, epoch, node));
	}

	private static Ending completed(AgentId agent, String nonce, String result) {
		return Ending.completed(ID, new Ending.Answer(agent.toString(), nonce, result));
	}

	/** A call that was begun, received, answered and ended as it should. */
	private void wellRun(int call, @Nullable String key, String nonce, String result) {
		begin(call, key, nonce);
		receive(AGENT, nonce);
		answer(nonce, result);
		end(call, completed(AGENT, nonce, result));
	}

	private void assertClean() {
		assertThat(HistoryCheck.violations(this.history)).isEmpty();
	}

	private void assertBroken(Rule... rules) {
		assertThat(HistoryCheck.violations(this.history)).extracting(Violation::rule).containsOnly(rules);
	}

	@Test
	void shouldPassCallsThatAllEndedWell() {
		wellRun(1, null, "n1", "r1");
		begin(2, null, "n2");
		end(2, Ending.failed(Outcome.NOT_SENT, "unavailable"));
		begin(3, null, "n3");
		receive(AGENT, "n3");
		end(3, Ending.failed(Outcome.UNKNOWN, "agent-disconnected"));
		begin(4, null, "n4");
		end(4, Ending.lost());
		assertClean();
	}

	@Test
	void shouldPassAKeyThatRanOnceAfterItWasNotSent() {
		begin(1, "k", "n");
		end(1, Ending.failed(Outcome.NOT_SENT, "unavailable"));
		wellRun(2, "k", "n", "r");
		begin(3, "k", "n");
		end(3, completed(AGENT, "n", "r"));
		assertClean();
	}

	@Test
	void shouldFindACallThatNeverEnded() {
		begin(1, null, "n");
		assertBroken(Rule.ENDS_ONCE);
	}

	@Test
	void shouldFindACallThatEndedTwice() {
		wellRun(1, null, "n", "r");
		end(1, completed(AGENT, "n", "r"));
		assertBroken(Rule.ENDS_ONCE);
	}

	@Test
	void shouldFindAnEndWithoutACall() {
		end(1, Ending.failed(Outcome.NOT_SENT, "unavailable"));
		assertBroken(Rule.ENDS_ONCE);
	}

	@Test
	void shouldFindTheResultOfAnotherCall() {
		wellRun(1, null, "n1", "r1");
		begin(2, null, "n2");
		receive(AGENT, "n2");
		end(2, completed(AGENT, "n1", "r1"));
		assertBroken(Rule.RESULT_MATCHES);
	}

	@Test
	void shouldFindAResultThatNoAgentGave() {
		begin(1, null, "n");
		receive(AGENT, "n");
		end(1, completed(AGENT, "n", "r"));
		assertBroken(Rule.RESULT_MATCHES);
	}

	@Test
	void shouldFindAResultUnderAnotherId() {
		begin(1, null, "n");
		receive(AGENT, "n");
		this.history.add(new Entry.Answered(AGENT, TestIds.call(), "n", "r"));
		end(1, completed(AGENT, "n", "r"));
		assertBroken(Rule.RESULT_MATCHES);
	}

	@Test
	void shouldFindACompletedCallWithoutAnAnswer() {
		begin(1, null, "n");
		end(1, new Ending(Outcome.COMPLETED, null, ID, null, null));
		assertBroken(Rule.RESULT_MATCHES);
	}

	@Test
	void shouldFindACallThatCameThoughItWasNotSent() {
		begin(1, null, "n");
		end(1, Ending.failed(Outcome.NOT_SENT, "unavailable"));
		receive(AGENT, "n");
		assertBroken(Rule.NOT_SENT);
	}

	@Test
	void shouldFindACallThatCameToAnotherTenantsAgent() {
		begin(1, null, "n");
		receive(OTHER_TENANTS, "n");
		end(1, Ending.failed(Outcome.UNKNOWN, "deadline-exceeded"));
		assertBroken(Rule.NOT_CROSSED);
	}

	@Test
	void shouldFindACallThatNobodyMade() {
		receive(AGENT, "n");
		assertBroken(Rule.NOT_CROSSED);
	}

	@Test
	void shouldFindAnAnswerOfAnotherTenantsAgent() {
		begin(1, null, "n");
		receive(AGENT, "n");
		answer("n", "r");
		end(1, completed(OTHER_TENANTS, "n", "r"));
		assertBroken(Rule.NOT_CROSSED);
	}

	@Test
	void shouldFindACallThatCameTwice() {
		wellRun(1, null, "n", "r");
		receive(AGENT, "n");
		assertBroken(Rule.RUNS_ONCE);
	}

	@Test
	void shouldFindAKeyThatRanTwice() {
		wellRun(1, "k", "n", "r1");
		wellRun(2, "k", "n", "r2");
		assertBroken(Rule.RUNS_ONCE);
	}

	@Test
	void shouldFindAClaimThatWentBack() {
		claim(TestIds.connection(), 2, NODE);
		claim(TestIds.connection(), 1, NODE);
		assertBroken(Rule.ONE_CLAIM);
	}

	@Test
	void shouldFindTwoClaimsOfOneEpoch() {
		claim(TestIds.connection(), 1, NODE);
		claim(TestIds.connection(), 1, NODE);
		assertBroken(Rule.ONE_CLAIM);
	}

	@Test
	void shouldFindTwoConnectionsOfOneEpoch() {
		open(TestIds.connection(), 1);
		open(TestIds.connection(), 1);
		assertBroken(Rule.ONE_CLAIM);
	}

	@Test
	void shouldPassClaimsThatGoForward() {
		claim(CONNECTION, 1, NODE);
		claim(CONNECTION, 1, null);
		claim(TestIds.connection(), 2, TestIds.node());
		assertClean();
	}

	private void assertUnhealed(int violations) {
		assertThat(HistoryCheck.unhealed(this.history, List.of(AGENT))).extracting(Violation::rule)
			.containsOnly(Rule.ONE_CONNECTION)
			.hasSize(violations);
	}

	@Test
	void shouldPassAnAgentWithTheOneConnectionThatIsClaimed() {
		open(TestIds.connection(), 1);
		this.history.add(new Entry.Closed(AGENT, ((Entry.Opened) this.history.getFirst()).connection(), 4501));
		open(CONNECTION, 2);
		claim(CONNECTION, 2, NODE);
		assertThat(HistoryCheck.unhealed(this.history, List.of(AGENT))).isEmpty();
	}

	@Test
	void shouldFindALiveAgentWithoutAConnection() {
		open(CONNECTION, 1);
		this.history.add(new Entry.Closed(AGENT, CONNECTION, 1006));
		assertUnhealed(1);
	}

	@Test
	void shouldFindTwoLiveConnectionsOfAnAgent() {
		open(TestIds.connection(), 1);
		open(CONNECTION, 2);
		claim(CONNECTION, 2, NODE);
		assertUnhealed(2);
	}

	@Test
	void shouldFindALiveAgentThatIsNotClaimed() {
		open(CONNECTION, 1);
		assertUnhealed(1);
	}

	@Test
	void shouldFindALiveAgentThatIsClaimedForAnotherNode() {
		open(CONNECTION, 1);
		claim(CONNECTION, 1, TestIds.node());
		assertUnhealed(1);
	}

}
