package dev.switchboard.node;

import java.net.InetAddress;
import java.net.UnknownHostException;

import dev.switchboard.database.Database;
import dev.switchboard.database.DatabaseSettings;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the list of nodes and this node's membership. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(NodeSettings.class)
class NodeConfiguration {

	@Bean
	NodeId nodeId(Chance chance) {
		return new NodeId(chance.uuid());
	}

	@Bean
	DirectoryClock directoryClock(TimeSource time) {
		return new DirectoryClock(time);
	}

	@Bean
	Nodes nodes(Database database, DirectoryClock clock) {
		return new Nodes(database, clock);
	}

	@Bean
	Membership membership(NodeId id, NodeSettings settings, DatabaseSettings shared, NodeStatus status,
			Database database, DirectoryClock clock, TimeSource time, ClaimRelease claims,
			ObjectProvider<RegistrationListener> listeners, ObjectProvider<ZoneSource> zone) {
		NodeTable.Self self = new NodeTable.Self(id, host(settings, shared),
				zone.getIfAvailable(() -> settings::zone)::zone, settings.capacity(), settings.lease());
		Expiry expiry = new Expiry(id, database, claims, new NodeWatch(id, settings.lease(), time), time);
		return new Membership(self, status, database, clock, new OwnLease(time), expiry,
				listeners.orderedStream().toList(), time);
	}

	private static String host(NodeSettings settings, DatabaseSettings database) {
		if (settings.address() != null) {
			return withoutBrackets(settings.address());
		}
		try {
			return InetAddress.getLocalHost().getHostAddress();
		}
		catch (UnknownHostException ex) {
			if (database.isShared()) {
				throw new IllegalStateException("set switchboard.node.address: this machine does not know its own", ex);
			}
			// The database is not shared, so no other node needs to reach this one.
			return InetAddress.getLoopbackAddress().getHostAddress();
		}
	}

	private static String withoutBrackets(String host) {
		return (host.startsWith("[") && host.endsWith("]")) ? host.substring(1, host.length() - 1) : host;
	}

	@Bean
	DirectoryHealth directoryHealthIndicator(Membership membership) {
		return new DirectoryHealth(membership);
	}

}
