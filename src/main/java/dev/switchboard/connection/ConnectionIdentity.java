package dev.switchboard.connection;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.UUID;

import dev.switchboard.directory.Claim;
import dev.switchboard.label.AgentDescription;
import dev.switchboard.loop.Timer;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * Knows who is connected, since when and from where. Because a node may have a million
 * idle connections, these facts are kept as numbers and one byte array, and objects are
 * made on demand. The agent's description can change, and so can the epoch and the time
 * of the handshake, when the directory has another epoch. Thread-safe.
 */
abstract class ConnectionIdentity extends Timer {

	private static final int PORT_BYTES = 2;

	private static final int TIME_BYTES = Long.BYTES;

	private final long idHigh;

	private final long idLow;

	private volatile long epoch;

	private volatile AgentProfile profile;

	/**
	 * The agent's id, the address that it connects from, and the time of the handshake.
	 * The address and the port are left out if the address is not known. The port is 0 if
	 * only the port is not known. The time is left out if it is equal to the epoch.
	 *
	 * <pre>
	 * +-----------+-----------------+------------------+---------------+--------------+
	 * | 1 byte    | length bytes    | 4 or 16 bytes    | 2 bytes       | 8 bytes      |
	 * | length    | agent's id      | IP address       | port          | microseconds |
	 * | unsigned  | US-ASCII        | network order    | network order | since 1970   |
	 * +-----------+-----------------+------------------+---------------+--------------+
	 * </pre>
	 */
	private volatile byte[] agentAndRemote;

	ConnectionIdentity(UUID id, AgentCredentials credentials, long epoch, @Nullable InetSocketAddress remote) {
		this.idHigh = id.getMostSignificantBits();
		this.idLow = id.getLeastSignificantBits();
		this.epoch = epoch;
		this.profile = AgentProfile.of(credentials);
		this.agentAndRemote = pack(credentials.agent().agent(), remote);
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
		byte[] bytes = this.agentAndRemote;
		return new AgentId(this.profile.tenant(),
				new String(bytes, 1, agentLength(bytes), StandardCharsets.ISO_8859_1));
	}

	/** Whether this is a connection of an agent of this tenant. */
	public final boolean isOf(String tenant) {
		return this.profile.tenant().equals(tenant);
	}

	/**
	 * Whether this is the agent's connection. Compares without making an {@link AgentId}.
	 */
	final boolean isOf(AgentId agent) {
		String id = agent.agent();
		byte[] bytes = this.agentAndRemote;
		if (id.length() != agentLength(bytes) || !this.profile.tenant().equals(agent.tenant())) {
			return false;
		}
		for (int i = 0; i < id.length(); i++) {
			if (id.charAt(i) != bytes[1 + i]) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns the agent's description of itself: the one that it has sent on this
	 * connection or, if it has sent none and this node has looked it up, the one that the
	 * directory has; else null.
	 */
	public final @Nullable AgentDescription description() {
		return this.profile.description();
	}

	/**
	 * Returns the name of the key that has signed the agent's credentials; null if no key
	 * has.
	 */
	public final @Nullable String signingKey() {
		return this.profile.group().key();
	}

	/** Notes fresh credentials of the agent. Runs on the connection's event loop. */
	final void identify(AgentCredentials credentials) {
		this.profile = this.profile.with(credentials);
	}

	/** Sets the agent's description. Runs on the connection's event loop. */
	public final void describe(AgentDescription description) {
		this.profile = this.profile.with(description);
	}

	private static int agentLength(byte[] bytes) {
		return Byte.toUnsignedInt(bytes[0]);
	}

	/**
	 * Returns the index at which the time begins; the array's length if the time is left
	 * out.
	 */
	private static int timeStart(byte[] bytes) {
		int end = bytes.length - TIME_BYTES;
		int remoteBytes = end - 1 - agentLength(bytes);
		boolean hasTime = remoteBytes == 0 || remoteBytes == 4 + PORT_BYTES || remoteBytes == 16 + PORT_BYTES;
		return hasTime ? end : bytes.length;
	}

	/**
	 * Returns the epoch: before the first claim is stored, the one that this node gave at
	 * the handshake; afterwards, the one in the directory.
	 */
	public final long epoch() {
		return this.epoch;
	}

	/** Returns the time of the handshake, by the directory's clock. */
	public final Instant connectedAt() {
		byte[] bytes = this.agentAndRemote;
		int start = timeStart(bytes);
		long micros = (start < bytes.length) ? ByteBuffer.wrap(bytes).getLong(start) : DirectoryClock.shown(this.epoch);
		return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
	}

	/**
	 * Sets the epoch and the time of the handshake. The two differ if the epoch had to be
	 * raised, for example because the database's clock has stepped.
	 */
	final void dated(long epoch, Instant connectedAt) {
		long micros = ChronoUnit.MICROS.between(Instant.EPOCH, connectedAt);
		byte[] bytes = this.agentAndRemote;
		int start = timeStart(bytes);
		if (micros != DirectoryClock.shown(epoch)) {
			this.agentAndRemote = ByteBuffer.allocate(start + TIME_BYTES).put(bytes, 0, start).putLong(micros).array();
		}
		else if (start < bytes.length) {
			this.agentAndRemote = Arrays.copyOf(bytes, start);
		}
		this.epoch = epoch;
	}

	/**
	 * Returns the agent's address as {@code address:port}, without the port if only the
	 * address is known; null if neither is. An IPv6 address is in brackets and compressed
	 * (RFC 5952).
	 */
	public final @Nullable String remoteAddress() {
		byte[] bytes = this.agentAndRemote;
		int start = 1 + agentLength(bytes);
		int end = timeStart(bytes);
		if (start == end) {
			return null;
		}
		ByteBuffer remote = ByteBuffer.wrap(bytes, start, end - start);
		byte[] address = new byte[remote.remaining() - PORT_BYTES];
		remote.get(address);
		try {
			return text(InetAddress.getByAddress(address), Short.toUnsignedInt(remote.getShort()));
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex); // never happens with 4 or 16 bytes
		}
	}

	private static String text(InetAddress address, int port) {
		String text = NetUtil.toAddressString(address);
		String host = (address instanceof Inet6Address) ? "[" + text + "]" : text;
		return (port != 0) ? host + ":" + port : host;
	}

	/** Returns the claim of this connection to its agent. */
	public final Claim claim() {
		return new Claim(agent(), id(), this.epoch, connectedAt(), remoteAddress());
	}

}
