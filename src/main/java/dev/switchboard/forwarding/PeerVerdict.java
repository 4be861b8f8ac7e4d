package dev.switchboard.forwarding;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * The latest answers of the other nodes to the question whether they accept this node's
 * requests. Immutable.
 *
 * @param checks the latest check of each node
 * @param uptime for how long this node had run when it got the latest answers
 */
record PeerVerdict(Collection<PeerCheck> checks, Duration uptime) {

	List<PeerCheck> with(PeerCheck.Answer answer) {
		return this.checks.stream().filter((check) -> check.answer() == answer).toList();
	}

	/**
	 * Whether the secret of this node counts as wrong. If nodes have different secrets,
	 * no node knows which secret is right. So the secret of the larger group counts as
	 * right. If two groups have the same size, the secret of the group with the oldest
	 * node counts as right. That group has the agents, so a rollout with a bad secret
	 * ends at its first node. At most one of two groups takes itself out of service, so
	 * never all nodes of a cluster do.
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
