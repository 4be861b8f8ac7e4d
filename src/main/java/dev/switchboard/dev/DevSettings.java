package dev.switchboard.dev;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of {@code dev} mode.
 *
 * @param sampleAgents the number of sample agents that connect to this node
 * @param bindAll whether the API, agent and management listeners are on all interfaces
 * instead of loopback; only for a container whose ports are not reachable from elsewhere
 */
@Validated
@ConfigurationProperties(DevSettings.PREFIX)
record DevSettings(@DefaultValue("0") @Min(0) @Max(1000) int sampleAgents, @DefaultValue("false") boolean bindAll) {

	static final String PREFIX = "switchboard.dev";

}
