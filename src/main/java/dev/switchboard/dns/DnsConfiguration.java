package dev.switchboard.dns;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.node.Nodes;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the pool's name in DNS if {@code switchboard.dns.pool} is set. Without it,
 * nothing is wired.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ DnsSettings.class, UpdateSettings.class })
class DnsConfiguration {

	private static final Duration DIRECTORY_LIMIT = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnProperty("switchboard.dns.rfc2136.server")
	Zone updateZone(UpdateSettings settings, DnsSettings dns) {
		PoolName pool = dns.poolName();
		UpdateMessage messages = new UpdateMessage(settings.zoneFor(pool), pool, dns.ttl().toSeconds());
		return new UpdateZone(String.valueOf(settings.server()), settings.port(), settings.key(), messages);
	}

	private static OwnAddresses fromSettings(DnsSettings settings) {
		Set<InetAddress> given = settings.parsedAddresses();
		return given.isEmpty()
				? () -> Mono.fromCallable(DnsConfiguration::machine).subscribeOn(Schedulers.boundedElastic())
				: () -> Mono.just(given);
	}

	private static Set<InetAddress> machine() {
		try {
			return Set.of(InetAddress.getLocalHost());
		}
		catch (UnknownHostException ex) {
			throw DnsException.failed("set switchboard.dns.addresses: this machine does not know its own address", ex);
		}
	}

	@Bean
	@ConditionalOnProperty("switchboard.dns.pool")
	PoolPresence poolPresence(NodeId self, DnsSettings settings, List<Zone> zones,
			ObjectProvider<OwnAddresses> addresses, Nodes nodes, NodeSettings node,
			ObjectProvider<Membership> membership, MeterRegistry registry, TimeSource time, Chance chance) {
		PoolUpkeep upkeep = new PoolUpkeep(self, only(zones), addresses.getIfAvailable(() -> fromSettings(settings)),
				nodes.list(DIRECTORY_LIMIT), new Leftovers(self, node.lease(), time), time);
		return new PoolPresence(self, settings.poolName(), upkeep, () -> membership.getObject().hasAnswered(),
				settings.interval(), chance, new DnsMetrics(registry));
	}

	private static Zone only(List<Zone> zones) {
		if (zones.size() != 1) {
			throw new SettingsRefusedException(
					"switchboard.dns.pool is set, but " + (zones.isEmpty() ? "no" : "more than one")
							+ " server of DNS.",
					"Set either switchboard.dns.rfc2136.server or switchboard.aws.route53.zone.");
		}
		return zones.getFirst();
	}

}
