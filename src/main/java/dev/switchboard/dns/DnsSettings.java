package dev.switchboard.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.NodeId;
import io.netty.util.NetUtil;
import jakarta.validation.constraints.Size;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the pool's name in DNS.
 *
 * @param pool the name whose addresses are those of the nodes; if unset, nodes do nothing
 * about DNS
 * @param addresses the addresses of this node that go into DNS, at most four; if unset,
 * this machine's own
 * @param ttl how long resolvers may keep an answer
 * @param interval the average time between two checks of the pool; all nodes share the
 * checks
 */
@Validated
@ConfigurationProperties("switchboard.dns")
public record DnsSettings(@Nullable String pool, @DefaultValue @Size(max = 4) List<String> addresses,
		@DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(days = 1) Duration ttl,
		@DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration interval) {

	/** Stands for the node's own name in the URL of the settings. */
	private static final String OWN_NAME = "{name}";

	/**
	 * Returns the name of the pool.
	 * @throws SettingsRefusedException if it is unset, or is no name of DNS
	 */
	public PoolName poolName() {
		if (this.pool == null || this.pool.isEmpty()) {
			throw new SettingsRefusedException("switchboard.dns.pool is not set, but a server of DNS is.",
					"Set it to the name under which agents find the nodes, such as agents.example.com.");
		}
		return PoolName.parse("switchboard.dns.pool", this.pool);
	}

	/**
	 * Returns the URL at which agents reach one node.
	 * @param url the URL of the settings, in which <code>{name}</code> stands for the
	 * node's own name in DNS; null for no URL
	 * @throws SettingsRefusedException if the URL has <code>{name}</code>, but nodes have
	 * no names in DNS
	 */
	public @Nullable String urlOf(NodeId node, @Nullable String url) {
		if (url == null || !url.contains(OWN_NAME)) {
			return url;
		}
		if (this.pool == null || this.pool.isEmpty()) {
			throw new SettingsRefusedException(
					"switchboard.agent.public-url has " + OWN_NAME + ", but switchboard.dns.pool is not set.",
					"Set switchboard.dns.pool, or write the node's name into the URL.");
		}
		return url.replace(OWN_NAME, poolName().of(node));
	}

	/**
	 * Returns the addresses that are set.
	 * @throws SettingsRefusedException if one of them is no address of a machine
	 */
	Set<InetAddress> parsedAddresses() {
		Set<InetAddress> parsed = new LinkedHashSet<>();
		for (String text : this.addresses) {
			InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
			if (address == null || address.isAnyLocalAddress() || address.isMulticastAddress()) {
				throw new SettingsRefusedException(
						"switchboard.dns.addresses has " + text + ", which is no address of a machine.",
						"List IPv4 and IPv6 addresses at which agents reach this node.");
			}
			parsed.add(address);
		}
		return parsed;
	}

}
