package dev.switchboard.label;

import dev.switchboard.database.Database;
import dev.switchboard.database.Deletion;
import dev.switchboard.directory.AgentDirectory;
import dev.switchboard.directory.DirectorySettings;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the descriptions of agents. */
@Configuration(proxyBeanMethods = false)
class LabelConfiguration {

	@Bean
	Descriptions descriptions(Database database, AgentDirectory directory, DirectorySettings settings,
			MeterRegistry meters, Chance chance) {
		return new Descriptions(database, directory,
				new DescriptionWriter(database, new LabelMetrics(meters), settings.maxQueuedClaims(), chance));
	}

	@Bean
	Deletion descriptionsOfUnseenAgents(DirectorySettings settings) {
		return new UnseenDescriptions(settings.retention());
	}

}
