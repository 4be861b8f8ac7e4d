package dev.switchboard.forwarding;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.node.NodeState;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Asks each node of a cluster whether it is the odd one out. */
class PeerVerdictTests {

	@Test
	void shouldBeTheOneWhoseSecretNobodyElseHas() {
		assertThat(odd("good 100", "good 90", "bad 200")).containsExactly(false, false, true);
	}

	@Test
	void shouldBeTheYoungerOfTwo() {
		assertThat(odd("good 100", "bad 1")).containsExactly(false, true);
		assertThat(odd("bad 1", "good 100")).containsExactly(true, false);
	}

	@Test
	void shouldBeTheGroupWithoutTheOldestNode() {
		assertThat(odd("old 5", "old 100", "new 90", "new 80")).containsExactly(false, false, true, true);
	}

	@Test
	void shouldBeTheSmallerGroupEvenIfItIsTheOlder() {
		assertThat(odd("old 100", "old 99", "new 3", "new 2", "new 1")).containsExactly(true, true, false, false,
				false);
	}

	@Test
	void shouldBeNoneIfAllHaveOneSecret() {
		assertThat(odd("good 1", "good 2", "good 3")).containsOnly(false);
		assertThat(odd("good 1")).containsOnly(false);
	}

	/**
	 * Two nodes that started at the same moment may both see themselves as the older one.
	 */
	@Test
	void shouldNeverBeAllOfThem() {
		assertThat(odd("a 7", "b 7")).contains(false);
		assertThat(odd("a 7", "b 7", "c 7")).contains(true);
	}

	@Test
	void shouldNotCountNodesThatAreOutOfReach() {
		List<PeerCheck> checks = List.of(check(PeerCheck.Answer.UNREACHABLE, 1), check(PeerCheck.Answer.UNREACHABLE, 1),
				check(PeerCheck.Answer.ACCEPTED, 1), check(PeerCheck.Answer.REFUSED, 500));
		assertThat(new PeerVerdict(checks, Duration.ofSeconds(5)).isOddOneOut()).isFalse();
	}

	/**
	 * Returns for each node whether it is an odd one out. A node is written as its secret
	 * and its uptime.
	 */
	private static List<Boolean> odd(String... nodes) {
		List<Boolean> odd = new ArrayList<>();
		for (int self = 0; self < nodes.length; self++) {
			List<PeerCheck> checks = new ArrayList<>();
			for (int other = 0; other < nodes.length; other++) {
				if (other != self) {
					boolean same = secret(nodes[other]).equals(secret(nodes[self]));
					checks
						.add(check(same ? PeerCheck.Answer.ACCEPTED : PeerCheck.Answer.REFUSED, uptime(nodes[other])));
				}
			}
			odd.add(new PeerVerdict(checks, Duration.ofSeconds(uptime(nodes[self]))).isOddOneOut());
		}
		return odd;
	}

	private static String secret(String node) {
		return node.substring(0, node.indexOf(' '));
	}

	private static int uptime(String node) {
		return Integer.parseInt(node.substring(node.indexOf(' ') + 1));
	}

	private static PeerCheck check(PeerCheck.Answer answer, int uptime) {
		NodeRecord node = new NodeRecord(TestIds.node(), "127.0.0.1", 1, null, NodeState.UP, 0, 1, Instant.EPOCH,
				Duration.ofSeconds(15));
		return new PeerCheck(node, answer, Duration.ofSeconds(uptime));
	}

}
