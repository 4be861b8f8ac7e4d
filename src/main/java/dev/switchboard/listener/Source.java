package dev.switchboard.listener;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;

/**
 * The network that a connection comes from: the first bits of its address. Immutable.
 *
 * @param address the network's first address
 * @param bits the length of the prefix in bits
 */
public record Source(InetAddress address, int bits) {

	/**
	 * Returns the source of a peer.
	 * @param ipv4Bits the length of the prefix of an IPv4 address
	 * @param ipv6Bits the length of the prefix of an IPv6 address
	 * @return the source; null if the peer's address is not known
	 */
	public static @Nullable Source of(@Nullable SocketAddress peer, int ipv4Bits, int ipv6Bits) {
		if (!(peer instanceof InetSocketAddress known) || known.isUnresolved()) {
			return null;
		}
		InetAddress address = known.getAddress();
		return of(address, (address instanceof Inet4Address) ? ipv4Bits : ipv6Bits);
	}

	private static Source of(InetAddress address, int bits) {
		byte[] bytes = address.getAddress();
		for (int i = 0; i < bytes.length; i++) {
			int kept = Math.clamp(bits - 8L * i, 0, 8);
			bytes[i] &= (byte) (0xFF << (8 - kept));
		}
		try {
			return new Source(InetAddress.getByAddress(bytes), bits);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("An address has 4 or 16 bytes", ex);
		}
	}

	/** Returns the first eight bytes of the prefix; an IPv4 prefix has four of them. */
	public long prefix() {
		byte[] bytes = this.address.getAddress();
		long prefix = bytes.length;
		for (int i = 0; i < Math.min(Long.BYTES, bytes.length); i++) {
			prefix = prefix << 8 | (bytes[i] & 0xFF);
		}
		return prefix;
	}

	/** Returns the network in CIDR notation. */
	@Override
	public String toString() {
		return this.address.getHostAddress() + "/" + this.bits;
	}

}
