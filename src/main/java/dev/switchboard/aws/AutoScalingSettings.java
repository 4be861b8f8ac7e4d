package dev.switchboard.aws;

import java.time.Duration;

import dev.switchboard.problem.SettingsRefusedException;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the Auto Scaling group to which this machine belongs.
 *
 * @param group the name of the group; if unset, Auto Scaling is not used
 * @param terminationHook the lifecycle hook that delays the end of an instance; if unset,
 * the node completes no such hook
 * @param launchHook the lifecycle hook that delays the launch of an instance; if unset,
 * the node completes no such hook
 * @param poll the pause between two reads of the instance metadata, which say whether the
 * instance is to end
 * @param heartbeat the pause between two heartbeats, which delay the end of the instance
 * while the node drains; must be less than the heartbeat time-out of the hook
 */
@Validated
@ConfigurationProperties("switchboard.aws.auto-scaling")
record AutoScalingSettings(@Nullable String group, @Nullable String terminationHook, @Nullable String launchHook,
		@DefaultValue("5s") @DurationMin(seconds = 1) @DurationMax(minutes = 1) Duration poll,
		@DefaultValue("30s") @DurationMin(seconds = 1) @DurationMax(hours = 1) Duration heartbeat) {

	/**
	 * Returns the name of the group.
	 * @param setting the setting that needs the group
	 * @throws SettingsRefusedException if the group is unset
	 */
	String requireGroup(String setting) {
		if (this.group == null || this.group.isBlank()) {
			throw new SettingsRefusedException(setting + " is set, but switchboard.aws.auto-scaling.group is not.",
					"Set it to the name of the Auto Scaling group.");
		}
		return this.group;
	}

	/**
	 * Checks that the group is set if a hook is set.
	 * @throws SettingsRefusedException if a hook is set without the group
	 */
	void check() {
		if (this.terminationHook != null) {
			requireGroup("switchboard.aws.auto-scaling.termination-hook");
		}
		if (this.launchHook != null) {
			requireGroup("switchboard.aws.auto-scaling.launch-hook");
		}
	}

}
