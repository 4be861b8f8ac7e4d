package dev.switchboard.aws;

import dev.switchboard.problem.SettingsRefusedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the Auto Scaling group to which this machine belongs.
 *
 * @param group the name of the group; unset, Auto Scaling is not used
 */
@Validated
@ConfigurationProperties("switchboard.aws.auto-scaling")
record AutoScalingSettings(@Nullable String group) {

	/**
	 * Returns the name of the group.
	 * @param setting the setting that needs it
	 * @throws SettingsRefusedException if it is unset
	 */
	String requireGroup(String setting) {
		if (this.group == null || this.group.isBlank()) {
			throw new SettingsRefusedException(setting + " is set, but switchboard.aws.auto-scaling.group is not.",
					"Set it to the name of the Auto Scaling group.");
		}
		return this.group;
	}

}
