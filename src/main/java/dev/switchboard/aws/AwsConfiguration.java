package dev.switchboard.aws;

import java.time.Duration;
import java.util.Objects;

import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.database.CredentialsSource;
import dev.switchboard.dns.DnsSettings;
import dev.switchboard.dns.OwnAddresses;
import dev.switchboard.dns.PoolName;
import dev.switchboard.dns.Zone;
import dev.switchboard.drain.Drain;
import dev.switchboard.node.Membership;
import dev.switchboard.node.NodeSettings;
import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.time.Backoff;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import io.awspring.cloud.autoconfigure.sns.SnsProperties;
import io.awspring.cloud.autoconfigure.sqs.SqsProperties;
import io.micrometer.core.instrument.MeterRegistry;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.route53.Route53Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.ssm.SsmClient;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Wires the parts that the settings of {@code switchboard.aws} turn on, and the relays of
 * events to AWS.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(AwsInUse.class)
@EnableConfigurationProperties({ Route53Settings.class, MetadataSettings.class, AutoScalingSettings.class,
		CapacityMetricSettings.class, DatabaseSecretSettings.class, SqsSettings.class, SqsProperties.class,
		SnsSettings.class, SnsProperties.class })
class AwsConfiguration {

	private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

	private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

	private static final Duration FIRST_PENDING = Duration.ofSeconds(5);

	private static final Duration LONGEST_PENDING = Duration.ofSeconds(30);

	private static final Duration FIRST_REFUSED = Duration.ofMillis(200);

	private static final Duration LONGEST_REFUSED = Duration.ofSeconds(2);

	AwsConfiguration(AutoScalingSettings scaling) {
		scaling.check();
	}

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

	@Bean
	@ConditionalOnProperty("switchboard.aws.metadata.zone")
	InstanceZone zoneOfTheInstance(NodeSettings node, InstanceMetadata metadata, Chance chance) {
		if (node.zone() != null) {
			throw new SettingsRefusedException("Both switchboard.node.zone and switchboard.aws.metadata.zone are set.",
					"Remove one of them.");
		}
		return new InstanceZone(metadata, new Backoff(FIRST_RETRY, LONGEST_RETRY, chance));
	}

	@Bean
	@ConditionalOnProperty("switchboard.aws.auto-scaling.group")
	InstanceLife instanceLife(AutoScalingSettings settings, InstanceMetadata metadata, AwsClientBuilderConfigurer aws,
			Membership membership, Drain drain, Chance chance) {
		LifecycleHooks hooks = new LifecycleHooks(AwsCalls.client(aws, AutoScalingClient.builder()),
				String.valueOf(settings.group()), metadata.get("instance-id"), settings.heartbeat(),
				new Backoff(FIRST_RETRY, LONGEST_RETRY, chance));
		return new InstanceLife(settings, metadata, hooks, membership::hasAnswered, drain::startBeforeEnd);
	}

	@Bean
	@ConditionalOnProperty("switchboard.aws.cloud-watch.namespace")
	CapacityMetric capacityMetric(CapacityMetricSettings settings, AutoScalingSettings scaling,
			AwsClientBuilderConfigurer aws, ConnectionRegistry connections, NodeSettings node, TimeSource time,
			Chance chance) {
		String group = scaling.requireGroup("switchboard.aws.cloud-watch.namespace");
		return new CapacityMetric(AwsCalls.client(aws, CloudWatchClient.builder()), settings, group,
				() -> 100.0 * connections.size() / node.capacity(), chance, time);
	}

	@Bean
	@ConditionalOnProperty("switchboard.events.sqs.queue")
	AwsRelay sqsRelay(SqsSettings settings, SqsProperties properties, AwsClientBuilderConfigurer aws,
			MeterRegistry meters, TimeSource time, Chance chance) {
		String queue = String.valueOf(settings.queue());
		SqsAsyncClient client = AsyncCalls.client(aws, properties, queue, SqsAsyncClient.builder());
		return relay("sqs", new SqsQueue(client, queue), meters, time, chance);
	}

	@Bean
	@ConditionalOnProperty("switchboard.events.sns.topic")
	AwsRelay snsRelay(SnsSettings settings, SnsProperties properties, AwsClientBuilderConfigurer aws,
			MeterRegistry meters, TimeSource time, Chance chance) {
		String topic = String.valueOf(settings.topic());
		SnsAsyncClient client = AsyncCalls.client(aws, properties, topic, SnsAsyncClient.builder());
		return relay("sns", new SnsTopic(client, topic), meters, time, chance);
	}

	private static AwsRelay relay(String name, MessageReceiver receiver, MeterRegistry meters, TimeSource time,
			Chance chance) {
		receiver.check();
		return new AwsRelay(name, receiver, new Backoff(FIRST_REFUSED, LONGEST_REFUSED, chance),
				new AwsRelayMetrics(name, meters, time));
	}

	@Bean
	@ConditionalOnProperty("switchboard.aws.database.secret")
	CredentialsSource databaseSecret(DatabaseSecretSettings settings, AwsClientBuilderConfigurer aws) {
		if (settings.parameter() != null) {
			throw new SettingsRefusedException(
					"Both switchboard.aws.database.secret and switchboard.aws.database.parameter are set.",
					"Remove one of them.");
		}
		return AwsCredentialsSource.secret(AwsCalls.client(aws, SecretsManagerClient.builder()),
				Objects.requireNonNull(settings.secret()));
	}

	@Bean
	@ConditionalOnProperty("switchboard.aws.database.parameter")
	CredentialsSource databaseParameter(DatabaseSecretSettings settings, AwsClientBuilderConfigurer aws) {
		return AwsCredentialsSource.parameter(AwsCalls.client(aws, SsmClient.builder()),
				Objects.requireNonNull(settings.parameter()));
	}

}
