package dev.switchboard.aws;

import java.time.Duration;
import java.util.Objects;

import dev.switchboard.dns.DnsSettings;
import dev.switchboard.dns.OwnAddresses;
import dev.switchboard.dns.PoolName;
import dev.switchboard.dns.Zone;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import software.amazon.awssdk.services.route53.Route53Client;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** Wires what the settings of {@code switchboard.aws} turn on. */
@Configuration(proxyBeanMethods = false)
@Conditional(AwsInUse.class)
@EnableConfigurationProperties({ Route53Settings.class, MetadataSettings.class })
class AwsConfiguration {

	private static final Duration FIRST_PENDING = Duration.ofSeconds(5);

	private static final Duration LONGEST_PENDING = Duration.ofSeconds(30);

	@Bean
	@ConditionalOnProperty("switchboard.aws.route53.zone")
	Zone route53Zone(Route53Settings settings, DnsSettings dns, AwsClientBuilderConfigurer aws, Chance chance) {
		PoolName pool = dns.poolName();
		Route53Client client = AwsCalls.client(aws, Route53Client.builder());
		Route53Requests requests = new Route53Requests(client, String.valueOf(settings.zone()),
				new Backoff(FIRST_PENDING, LONGEST_PENDING, chance));
		requests.check(pool);
		NodeRecordSets sets = new NodeRecordSets(pool, dns.ttl().toSeconds(), settings.weight());
		return new Route53Zone(sets, requests, new HealthChecks(settings, requests, HealthChecks.backoff(chance)));
	}

	@Bean
	InstanceMetadata instanceMetadata(MetadataSettings settings) {
		return new InstanceMetadata(settings.endpoint());
	}

	@Bean
	@ConditionalOnProperty("switchboard.aws.metadata.addresses")
	OwnAddresses addressesOfTheInstance(MetadataSettings settings, DnsSettings dns, InstanceMetadata metadata) {
		if (!dns.addresses().isEmpty()) {
			throw new SettingsRefusedException(
					"Both switchboard.dns.addresses and switchboard.aws.metadata.addresses are set.",
					"Remove one of them.");
		}
		return () -> metadata.addresses(Objects.requireNonNull(settings.addresses()));
	}

}
