package dev.switchboard.audit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the audit.
 *
 * @param enabled whether requests that send or change something are audited
 */
@ConfigurationProperties(AuditSettings.PREFIX)
public record AuditSettings(@DefaultValue("false") boolean enabled) {

	static final String PREFIX = "switchboard.audit";

}
