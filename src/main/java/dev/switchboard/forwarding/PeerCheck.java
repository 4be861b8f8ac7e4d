package dev.switchboard.forwarding;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.node.NodeRecord;
import dev.switchboard.routing.ForwardException;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * What another node answered when this node asked it: do you accept my requests?
 *
 * @param node the other node
 * @param answer its answer
 * @param uptime for how long the other node has run; zero if it did not say
 */
record PeerCheck(NodeRecord node, Answer answer, Duration uptime) {

	/** The kind of the request that asks. */
	static final String KIND = "check";

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private static final int LONGEST_NUMBER = 18;

	/** What the other node may answer. */
	enum Answer {

		/** The other node accepts this node's secret. */
		ACCEPTED,
		/** The other node has a different secret. */
		REFUSED,
		/** The other node could not be reached, or did not answer. */
		UNREACHABLE

	}

	/** Asks a node. Never fails, because each failure is an {@link Answer}, too. */
	static Mono<PeerCheck> of(NodeRecord node, Peers peers) {
		PeerRequest<Duration> request = new PeerRequest<>(KIND, null, LIMIT, (_) -> new byte[0], PeerCheck::uptime);
		return peers.send(node, request)
			.map((uptime) -> new PeerCheck(node, Answer.ACCEPTED, uptime))
			.onErrorResume((failure) -> Mono.just(failed(node, failure)));
	}

	private static PeerCheck failed(NodeRecord node, Throwable failure) {
		return (failure instanceof ForwardException lost && lost.reason() == ForwardException.Reason.REFUSED)
				? new PeerCheck(node, Answer.REFUSED, lost.refuserUptime())
				: new PeerCheck(node, Answer.UNREACHABLE, Duration.ZERO);
	}

	/** Returns the handler that answers such a request with this node's uptime. */
	static RequestHandler handler(Doorkeeper door) {
		return (_, reply) -> {
			reply.end(Long.toString(door.uptimeMillis()).getBytes(StandardCharsets.US_ASCII));
			return Disposables.disposed();
		};
	}

	private static Duration uptime(byte[] message) {
		String text = new String(message, StandardCharsets.US_ASCII);
		boolean isNumber = text.length() <= LONGEST_NUMBER && text.matches("[0-9]+");
		return isNumber ? Duration.ofMillis(Long.parseLong(text)) : Duration.ZERO;
	}

	@Override
	public String toString() {
		return this.node.id() + " at " + this.node.address();
	}

}
