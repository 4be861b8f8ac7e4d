package dev.switchboard.event;

import java.util.function.LongSupplier;

import dev.switchboard.connection.EventReceiver;
import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the event log. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventSettings.class)
class EventConfiguration {

	@Bean
	EventMetrics eventMetrics(MeterRegistry meters) {
		return new EventMetrics(meters);
	}

	@Bean
	LogTail logTail(Database database, EventMetrics metrics, TimeSource time, Chance chance) {
		return new LogTail(database, metrics, time, tokens(chance));
	}

	@Bean
	LogFeed logFeed(LogTail tail, Database database, EventMetrics metrics) {
		LogFeed feed = new LogFeed(tail, database);
		metrics.streams(feed);
		return feed;
	}

	@Bean
	EventLog eventLog(Database database, LogTail tail, LogFeed feed, EventMetrics metrics, EventSettings settings,
			Chance chance) {
		return new EventLog(database, tail, feed, metrics, settings.maxStreams(), chance);
	}

	@Bean
	EventWriter eventWriter(Database database, DirectoryClock clock, LogFeed feed, EventMetrics metrics,
			EventSettings settings, Chance chance) {
		EventQueue queue = new EventQueue(settings.maxQueued().toBytes(), settings.maxQueuedPerAgent());
		metrics.queue(queue);
		return new EventWriter(database, new BatchStore(clock, tokens(chance)), queue, metrics, feed::wake, chance);
	}

	@Bean
	EventReceiver agentEvents(EventWriter writer, TenantLimits limits, EventMetrics metrics, DirectoryClock clock,
			Chance chance) {
		return new AgentEvents(writer, limits, metrics, clock::now, chance);
	}

	@Bean
	GatewayEvents gatewayEvents(EventWriter writer) {
		return new StoredGatewayEvents(writer);
	}

	@Bean
	Deletion oldEvents(EventSettings settings, DirectoryClock clock) {
		return new OldEvents(settings.retention(), clock);
	}

	/** Returns the source of the tokens of batches and of sealing rows. */
	static LongSupplier tokens(Chance chance) {
		return () -> chance.uuid().getLeastSignificantBits();
	}

}
