package dev.switchboard.aws;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.switchboard.dns.PoolEntry;
import dev.switchboard.dns.PoolName;
import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.route53.model.RRType;
import software.amazon.awssdk.services.route53.model.ResourceRecord;
import software.amazon.awssdk.services.route53.model.ResourceRecordSet;

/**
 * Writes a node's entry as record sets of Route 53, and reads entries from record sets.
 * Under the pool's name, each address of each node has a record set of its own. The
 * identifier of the record set names the node, so nodes never change each other's record
 * sets by mistake.
 *
 * @param ttl how many seconds resolvers may keep an answer
 * @param weight the weight of each record set; null for multivalue answers
 */
record NodeRecordSets(PoolName pool, long ttl, @Nullable Long weight) {

	/** The identifier has no slash, since the SDK cuts off all text before a slash. */
	private static final Pattern IDENTIFIER = Pattern.compile("switchboard_([0-9a-f-]{36})_([0-9a-fA-F:.]+)");

	/**
	 * Returns the record sets of an entry. Those under the pool's name refer to the
	 * health checks of their addresses.
	 */
	List<ResourceRecordSet> of(PoolEntry entry, Map<InetAddress, String> healthChecks) {
		List<ResourceRecordSet> sets = new ArrayList<>();
		entry.addresses().forEach((address) -> {
			ResourceRecordSet.Builder pooled = set(this.pool.text(), address)
				.setIdentifier("switchboard_" + entry.node() + "_" + NetUtil.toAddressString(address))
				.healthCheckId(healthChecks.get(address));
			sets.add(((this.weight != null) ? pooled.weight(this.weight) : pooled.multiValueAnswer(true)).build());
		});
		sets.addAll(own(entry));
		return sets;
	}

	/**
	 * Returns the record sets of the node's own name: one for each family of addresses.
	 */
	private List<ResourceRecordSet> own(PoolEntry entry) {
		Map<RRType, List<ResourceRecord>> values = new LinkedHashMap<>();
		entry.addresses()
			.forEach((address) -> values.computeIfAbsent(type(address), (_) -> new ArrayList<>()).add(value(address)));
		return values.entrySet()
			.stream()
			.map((family) -> ResourceRecordSet.builder()
				.name(this.pool.of(entry.node()))
				.type(family.getKey())
				.ttl(this.ttl)
				.resourceRecords(family.getValue())
				.build())
			.toList();
	}

	private ResourceRecordSet.Builder set(String name, InetAddress address) {
		return ResourceRecordSet.builder().name(name).type(type(address)).ttl(this.ttl).resourceRecords(value(address));
	}

	private static RRType type(InetAddress address) {
		return (address instanceof Inet6Address) ? RRType.AAAA : RRType.A;
	}

	private static ResourceRecord value(InetAddress address) {
		return ResourceRecord.builder().value(NetUtil.toAddressString(address)).build();
	}

	/** Whether a record set has the pool's name or a name below it, such as a node's. */
	boolean isBelow(ResourceRecordSet set) {
		return new PoolName(PoolName.canonical(set.name())).isWithin(this.pool.text());
	}

	/** Reads the entries from the record sets under the pool's name. */
	List<PoolEntry> entries(List<ResourceRecordSet> sets) {
		Map<NodeId, Set<InetAddress>> addresses = new LinkedHashMap<>();
		sets.forEach((set) -> identity(set)
			.ifPresent((identity) -> addresses.computeIfAbsent(identity.node(), (_) -> new LinkedHashSet<>())
				.add(identity.address())));
		return addresses.entrySet().stream().map((node) -> new PoolEntry(node.getKey(), node.getValue())).toList();
	}

	/** Returns those of the record sets that belong to a node. */
	List<ResourceRecordSet> of(NodeId node, List<ResourceRecordSet> sets) {
		String own = this.pool.of(node);
		Stream<ResourceRecordSet> named = sets.stream()
			.filter((set) -> PoolName.canonical(set.name()).equals(own)
					&& (set.type() == RRType.A || set.type() == RRType.AAAA));
		Stream<ResourceRecordSet> pooled = sets.stream()
			.filter((set) -> identity(set).filter((identity) -> identity.node().equals(node)).isPresent());
		return Stream.concat(pooled, named).toList();
	}

	private record Identity(NodeId node, InetAddress address) {
	}

	/** Returns the node and address of a record set; empty if no node has made it. */
	private Optional<Identity> identity(ResourceRecordSet set) {
		if (set.setIdentifier() == null || !PoolName.canonical(set.name()).equals(this.pool.text())) {
			return Optional.empty();
		}
		Matcher matcher = IDENTIFIER.matcher(set.setIdentifier());
		if (!matcher.matches()) {
			return Optional.empty();
		}
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(matcher.group(2));
		return (address != null) ? parse(matcher.group(1)).map((node) -> new Identity(node, address))
				: Optional.empty();
	}

	private static Optional<NodeId> parse(String text) {
		try {
			return Optional.of(NodeId.parse(text));
		}
		catch (IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

}
