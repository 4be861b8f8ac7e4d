package dev.switchboard.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import dev.switchboard.directory.Claim;
import dev.switchboard.loop.Timer;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, since when and from where. An idle connection must cost few bytes, so
 * this class keeps numbers and one byte array, and makes objects from them on demand.
 * Immutable.
 */
abstract class ConnectionIdentity extends Timer {

	private static final int PORT_BYTES = 2;

	private final long idHigh;

	private final long idLow;

	private final long epoch;

	private final String tenant;

	/**
	 * The agent's id and its socket's address. The last two fields are left out if the
	 * address is not known.
	 *
	 * <pre>
	 * +-----------+-----------------+------------------+---------------+
	 * | 1 byte    | length bytes    | 4 or 16 bytes    | 2 bytes       |
	 * | length    | agent's id      | IP address       | port          |
	 * | unsigned  | US-ASCII        | network order    | network order |
	 * +-----------+-----------------+------------------+---------------+
	 * </pre>
	 */
	private final byte[] agentAndRemote;

	ConnectionIdentity(UUID id, AgentId agent, long epoch, @Nullable InetSocketAddress remote) {
		this.idHigh = id.getMostSignificantBits();
		this.idLow = id.getLeastSignificantBits();
		this.epoch = epoch;
		this.tenant = agent.tenant().intern();
		this.agentAndRemote = pack(agent.agent(), remote);
	}

	private static byte[] pack(String agent, @Nullable InetSocketAddress remote) {
		byte[] address = (remote != null) ? remote.getAddress().getAddress() : new byte[0];
		int size = 1 + agent.length() + address.length + ((remote != null) ? PORT_BYTES : 0);
		ByteBuffer bytes = ByteBuffer.allocate(size)
			.put((byte) agent.length())
			.put(agent.getBytes(StandardCharsets.US_ASCII))
			.put(address);
		return (remote != null) ? bytes.putShort((short) remote.getPort()).array() : bytes.array();
	}

	public final ConnectionId id() {
		return new ConnectionId(new UUID(this.idHigh, this.idLow));
	}

	public final AgentId agent() {
		return new AgentId(this.tenant, new String(this.agentAndRemote, 1, agentLength(), StandardCharsets.ISO_8859_1));
	}

	/**
	 * Whether this is the agent's connection. Compares without making an {@link AgentId}.
	 */
	final boolean isOf(AgentId agent) {
		String id = agent.agent();
		if (id.length() != agentLength() || !this.tenant.equals(agent.tenant())) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			if (id.charAt(i) != this.agentAndRemote[1 + i]) {
				return false;
			}
		}
		return true;
	}

	private int agentLength() {
		return Byte.toUnsignedInt(this.agentAndRemote[0]);
	}

	public final long epoch() {
		return this.epoch;
	}

	/**
	 * Returns the time of the handshake, by the directory's clock. The epoch is this time
	 * in microseconds since 1970.
	 */
	public final Instant connectedAt() {
		return Instant.EPOCH.plus(this.epoch, ChronoUnit.MICROS);
	}

	/** Returns the agent's address as {@code address:port}; null if it is not known. */
	public final @Nullable String remoteAddress() {
		int start = 1 + agentLength();
		if (start == this.agentAndRemote.length) {
			return null;
		}
		ByteBuffer remote = ByteBuffer.wrap(this.agentAndRemote).position(start);
		byte[] address = new byte[remote.remaining() - PORT_BYTES];
		remote.get(address);
		try {
			return InetAddress.getByAddress(address).getHostAddress() + ":" + Short.toUnsignedInt(remote.getShort());
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex); // cannot be: 4 or 16 bytes
		}
	}

	/** Returns the claim of this connection to its agent. */
	public final Claim claim() {
		return new Claim(agent(), id(), this.epoch, connectedAt(), remoteAddress());
	}

}
