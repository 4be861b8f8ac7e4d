package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the other nodes think of this one, as far as they have been asked. Immutable.
 *
 * @param checks the latest check of each node
 * @param uptime for how long this node had run at that time
 */
record PeerVerdict(Collection<PeerCheck> checks, Duration uptime) {

	List<PeerCheck> with(PeerCheck.Answer answer) {
		return this.checks.stream().filter((check) -> check.answer() == answer).toList();
	}

	/**
	 * Whether the secret of this node is the wrong one. Secrets differ, and nobody knows
	 * which is right, so the more nodes are right. Of two groups of one size the older
	 * one is: its agents are there, and a rollout with a bad secret ends at its first
	 * node. So at most one of two groups takes itself out, and a whole cluster never
	 * does.
	 */
	boolean isOddOneOut() {
		List<PeerCheck> refusing = with(PeerCheck.Answer.REFUSED);
		List<PeerCheck> agreeing = with(PeerCheck.Answer.ACCEPTED);
		int own = agreeing.size() + 1;
		if (refusing.isEmpty() || refusing.size() != own) {
			return refusing.size() > own;
		}
		Duration oldest = Stream.concat(Stream.of(this.uptime), agreeing.stream().map(PeerCheck::uptime))
			.max(Duration::compareTo)
			.orElseThrow();
		return refusing.stream().anyMatch((check) -> check.uptime().compareTo(oldest) > 0);
	}

}
