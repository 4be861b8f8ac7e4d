package dev.switchboard.fanout;

import dev.switchboard.label.Descriptions;
import dev.switchboard.listener.CallAdmission;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.routing.AgentRouter;
import dev.switchboard.routing.BulkForwarder;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoopGroup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

/** Wires fleet calls and fleet pushes. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FleetSettings.class)
class FanoutConfiguration {

	@Bean
	FleetCalls fleetCalls(AgentRouter router, BulkForwarder.Factory forwarders, Descriptions descriptions,
			FleetSettings settings, ReactorResourceFactory resources, ObjectProvider<CallAdmission.Loops> admissions,
			TenantLimits quotas, MeterRegistry meters, TimeSource time, Chance chance) {
		FleetLimits limits = FleetLimits.of(settings);
		EventLoopGroup loops = LoopResources.colocate(resources.getLoopResources().onClient(true));
		return new FleetCalls(router, forwarders, new TargetFinder(descriptions::select, settings.maxSelected()),
				settings, new FleetMetrics(meters, limits.inFlight(), limits.storing()), limits, loops::next,
				admissions.getIfAvailable(() -> CallAdmission.Loops.ALWAYS), quotas, time, chance);
	}

}
