package dev.switchboard.diagnosis;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Instant;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Timestamp;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * An agent's handshake that was refused.
 *
 * @param at when it was refused, by the directory's clock
 * @param problem the name of the problem in the answer
 * @param detail what the answer said
 * @param remoteAddress the address that the handshake came from; null if it is not known
 * @param node the node that refused the handshake
 */
record RefusedHandshake(Instant at, String problem, String detail, @Nullable String remoteAddress,
		String node) implements Event {

	/** The longest detail that is remembered; a longer one is cut off. */
	private static final int DETAIL_LENGTH = 256;

	static RefusedHandshake of(ProblemException problem, @Nullable InetSocketAddress remote, Instant at, NodeId node) {
		String detail = problem.detail();
		return new RefusedHandshake(at, problem.problem().text(),
				detail.substring(0, Math.min(detail.length(), DETAIL_LENGTH)), (remote != null) ? text(remote) : null,
				node.toString());
	}

	private static String text(InetSocketAddress remote) {
		String address = NetUtil.toAddressString(remote.getAddress());
		String host = (remote.getAddress() instanceof Inet6Address) ? "[" + address + "]" : address;
		return (remote.getPort() != 0) ? host + ":" + remote.getPort() : host;
	}

	static RefusedHandshake read(Envelope json) {
		return new RefusedHandshake(Instant.parse(json.string("at")), json.string("problem"), json.string("detail"),
				json.optionalString("remoteAddress"), json.string("node"));
	}

	@Override
	public JsonWriter json() {
		return new JsonWriter().string("at", Timestamp.of(this.at))
			.string("problem", this.problem)
			.string("detail", this.detail)
			.optionalString("remoteAddress", this.remoteAddress)
			.string("node", this.node);
	}

}
