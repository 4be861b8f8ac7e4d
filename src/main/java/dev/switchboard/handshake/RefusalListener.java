package dev.switchboard.handshake;

import java.net.InetSocketAddress;

import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.jspecify.annotations.Nullable;

/**
 * Is notified of refused handshakes whose agent is certain: see {@link CertainAgent}. To
 * be notified, a room provides a bean of this type. The bean is called on event loops, so
 * it must return at once. Thread-safe.
 */
@FunctionalInterface
public interface RefusalListener {

	/**
	 * Called when a handshake has been refused.
	 * @param remote the address that the handshake came from; null if it is not known
	 */
	void refused(AgentId agent, ProblemException problem, @Nullable InetSocketAddress remote);

}
