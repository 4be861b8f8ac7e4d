package dev.switchboard.directory;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.node.DirectoryClock;
import dev.switchboard.protocol.NodeId;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the directory of agents. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ DirectorySettings.class, PresenceSettings.class })
class DirectoryConfiguration {

	@Bean
	ChangeSql changeSql(PresenceSettings settings) {
		return new ChangeSql(settings);
	}

	@Bean
	NodeClaims nodeClaims(ChangeSql changes, ObjectProvider<ChangeListener> listeners) {
		return new NodeClaims(changes, listeners.orderedStream().toList());
	}

	@Bean
	FlappingAgents flappingAgents(DirectoryClock clock, TimeSource time, MeterRegistry meters,
			ObjectProvider<FlappingListener> listeners) {
		return new FlappingAgents(clock, time, meters, listeners.orderedStream().toList());
	}

	@Bean
	SupersedeStreaks supersedeStreaks(Database database, FlappingAgents flapping) {
		return new SupersedeStreaks(database, flapping);
	}

	@Bean
	AgentDirectory agentDirectory(NodeId id, Database database, DirectorySettings settings, MeterRegistry meters,
			FlappingAgents flapping, ObjectProvider<SupersedeListener> listeners, ChangeSql changes,
			ObjectProvider<ChangeListener> changeListeners, DirectoryClock clock, Chance chance) {
		return new AgentDirectory(id, database, settings, new DirectoryMetrics(meters), flapping,
				listeners.orderedStream().toList(), changes, changeListeners.orderedStream().toList(), clock, chance);
	}

	@Bean
	FlushOnStop flushOnStop(AgentDirectory directory) {
		return new FlushOnStop(directory);
	}

	@Bean
	Deletion unseenAgents(DirectorySettings settings) {
		return AgentTable.unseenFor(settings.retention());
	}

}
