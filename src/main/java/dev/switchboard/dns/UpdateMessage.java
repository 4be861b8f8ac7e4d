package dev.switchboard.dns;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

import dev.switchboard.protocol.NodeId;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/**
 * Writes changes of a pool as messages of RFC 2136. A message is carried out whole or not
 * at all.
 */
final class UpdateMessage {

	private static final String INDEX_LABEL = "_switchboard";

	private final Name zone;

	private final PoolName pool;

	private final Name poolName;

	private final Name index;

	private final long ttl;

	UpdateMessage(Name zone, PoolName pool, long ttlSeconds) {
		this.zone = zone;
		this.pool = pool;
		this.poolName = name(pool.text());
		this.index = name(INDEX_LABEL + "." + pool.text());
		this.ttl = ttlSeconds;
	}

	/** Returns the name with the records that say which node has made which entry. */
	Name index() {
		return this.index;
	}

	/**
	 * Writes a change. If the change removes something, the message has the condition
	 * that the index is still as it was read. Without this condition, the message could
	 * remove an address that a new node has just added.
	 * @param records the records of the index, as they were read
	 * @param before the entries in these records
	 */
	Update of(PoolChange change, List<TXTRecord> records, List<PoolEntry> before) {
		Update update = new Update(this.zone);
		if (!change.removed().isEmpty()) {
			records.forEach((record) -> update.present(condition(record)));
		}
		change.addressesGone(before).forEach((address) -> update.delete(address(this.poolName, address)));
		change.removed().forEach((entry) -> remove(update, entry));
		change.added().forEach((entry) -> add(update, entry));
		return update;
	}

	/** Returns the record as a condition, which has no time to live (RFC 2136 2.4.2). */
	private static Record condition(TXTRecord record) {
		return new TXTRecord(record.getName(), DClass.IN, 0, record.getStrings());
	}

	private void remove(Update update, PoolEntry entry) {
		update.delete(text(entry));
		update.delete(own(entry.node()));
	}

	private void add(Update update, PoolEntry entry) {
		Name own = own(entry.node());
		entry.addresses().forEach((address) -> {
			update.add(address(this.poolName, address));
			update.add(address(own, address));
		});
		update.add(text(entry));
	}

	private Name own(NodeId node) {
		return name(this.pool.of(node));
	}

	private Record text(PoolEntry entry) {
		return new TXTRecord(this.index, DClass.IN, this.ttl, IndexRecord.write(entry));
	}

	private Record address(Name name, InetAddress address) {
		return (address instanceof Inet6Address) ? new AAAARecord(name, DClass.IN, this.ttl, address)
				: new ARecord(name, DClass.IN, this.ttl, address);
	}

	/** Returns the question for the index. */
	Record question() {
		return Record.newRecord(this.index, Type.TXT, DClass.IN);
	}

	private static Name name(String text) {
		try {
			return Name.fromString(text, Name.root);
		}
		catch (TextParseException ex) {
			throw new IllegalArgumentException(text + " is no name of DNS", ex);
		}
	}

}
