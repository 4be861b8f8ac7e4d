package dev.switchboard.directory;

import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.database.DirectoryMeters;
import dev.switchboard.protocol.NodeId;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the directory of agents. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DirectorySettings.class)
class DirectoryConfiguration {

	@Bean
	NodeClaims nodeClaims() {
		return new NodeClaims();
	}

	@Bean
	AgentDirectory agentDirectory(NodeId id, Database database, DirectorySettings settings, DirectoryMeters meters) {
		return new AgentDirectory(id, database, settings, meters);
	}

	@Bean
	Deletion unseenAgents(DirectorySettings settings) {
		return AgentTable.unseenFor(settings.retention());
	}

	@Bean
	Retention directoryRetention(Database database, List<Deletion> deletions) {
		return new Retention(database, deletions);
	}

}
