package dev.switchboard.aws;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;

/**
 * Lets Spring Cloud AWS configure only the credentials, the region and the endpoint, and
 * only if a setting of {@code switchboard.aws} is set. Without this filter, Spring Cloud
 * AWS would look for a region and for credentials at every start, and would make clients
 * that the node does not use.
 */
final class AwsAutoConfigurationFilter implements AutoConfigurationImportFilter, EnvironmentAware {

	private static final String OTHERS = "io.awspring.cloud.";

	private static final Set<String> USED = Set.of("io.awspring.cloud.autoconfigure.core.AwsAutoConfiguration",
			"io.awspring.cloud.autoconfigure.core.CredentialsProviderAutoConfiguration",
			"io.awspring.cloud.autoconfigure.core.RegionProviderAutoConfiguration");

	private Environment environment = new StandardEnvironment();

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
		boolean inUse = AwsInUse.isIn(this.environment);
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			String name = classes[i];
			matches[i] = name == null || !name.startsWith(OTHERS) || (inUse && USED.contains(name));
		}
		return matches;
	}

}
