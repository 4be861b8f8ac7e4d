package dev.switchboard.dns;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;
import org.xbill.DNS.TXTRecord;

/**
 * The text that says which node has made which entry: {@code node=ID
 * addresses=ADDRESS,...}. It is in a TXT record whose name is {@code _switchboard}, a dot
 * and the name of the pool.
 */
final class IndexRecord {

	private static final Pattern TEXT = Pattern.compile("node=(\\S{36}) addresses=(\\S+)");

	private IndexRecord() {
	}

	static String write(PoolEntry entry) {
		return "node=" + entry.node() + " addresses=" + entry.addressText();
	}

	/** Reads an entry; empty if the record was not written by a node. */
	static Optional<PoolEntry> read(TXTRecord text) {
		Matcher matcher = TEXT.matcher(String.join("", text.getStrings()));
		if (!matcher.matches()) {
			return Optional.empty();
		}
		try {
			return addresses(matcher.group(2)).map((found) -> new PoolEntry(NodeId.parse(matcher.group(1)), found));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private static Optional<Set<InetAddress>> addresses(String list) {
		Set<InetAddress> addresses = new LinkedHashSet<>();
		for (String text : list.split(",", -1)) {
			InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
			if (address == null) {
				return Optional.empty();
			}
			addresses.add(address);
		}
		return Optional.of(addresses);
	}

}
