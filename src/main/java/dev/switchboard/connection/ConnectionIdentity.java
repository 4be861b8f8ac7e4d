package dev.switchboard.connection;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import dev.switchboard.directory.Claim;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.ConnectionId;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, since when and from where: what a million idle connections have to
 * remember, so it is kept in the connection's own fields, and objects are made of it when
 * somebody asks. Immutable.
 */
abstract class ConnectionIdentity extends TimerWheel.Entry {

	private static final int PORT_BYTES = 2;

	private final long idHigh;

	private final long idLow;

	private final long epoch;

	private final long connectedAtMicros;

	private final AgentId agent;

	/** Address and port in network order. */
	private final byte @Nullable [] remote;

	ConnectionIdentity(AgentId agent, long epoch, Instant connectedAt, @Nullable InetSocketAddress remote) {
		UUID id = ConnectionId.random().value();
		this.idHigh = id.getMostSignificantBits();
		this.idLow = id.getLeastSignificantBits();
		this.epoch = epoch;
		this.connectedAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, connectedAt);
		this.agent = new AgentId(agent.tenant().intern(), agent.agent());
		this.remote = (remote != null) ? bytes(remote) : null;
	}

	private static byte[] bytes(InetSocketAddress remote) {
		byte[] address = remote.getAddress().getAddress();
		return ByteBuffer.allocate(address.length + PORT_BYTES).put(address).putShort((short) remote.getPort()).array();
	}

	public final ConnectionId id() {
		return new ConnectionId(new UUID(this.idHigh, this.idLow));
	}

	public final AgentId agent() {
		return this.agent;
	}

	public final long epoch() {
		return this.epoch;
	}

	public final Instant connectedAt() {
		return Instant.EPOCH.plus(this.connectedAtMicros, ChronoUnit.MICROS);
	}

	/** Where the agent connects from, as {@code address:port}. */
	public final @Nullable String remoteAddress() {
		byte[] bytes = this.remote;
		if (bytes == null) {
			return null;
		}
		ByteBuffer remote = ByteBuffer.wrap(bytes);
		byte[] address = new byte[bytes.length - PORT_BYTES];
		remote.get(address);
		try {
			return InetAddress.getByAddress(address).getHostAddress() + ":" + Short.toUnsignedInt(remote.getShort());
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex); // neither 4 nor 16 bytes
		}
	}

	/** What the directory shall know of it. */
	final Claim claim() {
		return new Claim(this.agent, id(), this.epoch, connectedAt(), remoteAddress());
	}

}
