package dev.switchboard.relay;

import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.event.EventLog;
import dev.switchboard.event.EventSettings;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.node.Nodes;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires relays and webhooks. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ RelaySettings.class, WebhookSettings.class })
class RelayConfiguration {

	/** The bytes of events that all webhooks of a node hold together. */
	private static final long MOST_BYTES = 256L * 1024 * 1024;

	private static final Duration LONGEST_IDLE = Duration.ofMinutes(10);

	@Bean
	RelayMetrics relayMetrics(MeterRegistry meters) {
		return new RelayMetrics(meters);
	}

	@Bean
	AddressGuard addressGuard(WebhookSettings settings) {
		return new AddressGuard(settings.allowedNetworks());
	}

	@Bean
	WebhookSender webhookSender(AddressGuard guard, WebhookSettings settings, TimeSource time) {
		return new WebhookSender(guard, settings, time);
	}

	@Bean
	Relays relays(NodeId self, Database database, Nodes nodes, EventLog log, ObjectProvider<RelayTarget> targets,
			WebhookSender sender, RelaySettings settings, WebhookSettings webhooks, EventSettings events,
			DirectoryClock clock, RelayMetrics metrics, TimeSource time, Chance chance) {
		RelayLease lease = new RelayLease(settings.lease(), time);
		RelayContext context = new RelayContext(log, new LogReader(metrics, time), database, clock::now, chance,
				metrics, idle(events), lease);
		HeldRelays held = new HeldRelays();
		metrics.watch(held, clock::now);
		RelayFactory factory = new RelayFactory(targets.stream().toList(), context, sender, webhooks,
				new MemoryBudget(MOST_BYTES));
		return new Relays(self, database, nodes, factory, held, lease, chance);
	}

	private static Duration idle(EventSettings events) {
		Duration part = events.retention().dividedBy(4);
		return (part.compareTo(LONGEST_IDLE) < 0) ? part : LONGEST_IDLE;
	}

	@Bean
	Webhooks webhooks(Database database, EventLog log, AddressGuard guard, WebhookSettings settings, Chance chance) {
		return new Webhooks(database, log, guard, settings.maxPerTenant(), chance);
	}

	@Bean
	Deletion oldDeliveries() {
		return DeliveryTable::removeOld;
	}

}
