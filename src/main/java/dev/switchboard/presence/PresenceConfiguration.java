package dev.switchboard.presence;

import java.util.List;

import dev.switchboard.connection.GatewayEvents;
import dev.switchboard.database.Database;
import dev.switchboard.directory.AgentChanges;
import dev.switchboard.directory.ChangeListener;
import dev.switchboard.directory.FlappingListener;
import dev.switchboard.directory.PresenceSettings;
import dev.switchboard.time.Chance;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires the events of agents' presence. */
@Configuration(proxyBeanMethods = false)
class PresenceConfiguration {

	@Bean
	PresenceEvents presenceEvents(GatewayEvents events, Database database, MeterRegistry meters) {
		return new PresenceEvents(events, database, new PresenceMetrics(meters));
	}

	@Bean
	PresenceSweep presenceSweep(Database database, PresenceEvents events, PresenceSettings settings, Chance chance) {
		return new PresenceSweep(database, events, settings.offlineAfter(), chance);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "switchboard.events.presence", matchIfMissing = true)
	FlappingListener flappingEvents(GatewayEvents events) {
		return new FlappingEvents(events);
	}

	@Bean
	ChangeListener presenceListener(PresenceEvents events, PresenceSweep sweep) {
		return new ChangeListener() {

			@Override
			public void changed(List<AgentChanges> agents) {
				events.add(agents);
			}

			@Override
			public void released() {
				sweep.soon();
			}

		};
	}

}
