package dev.switchboard.aws;

import java.time.Duration;
import java.util.function.DoubleSupplier;

import dev.switchboard.time.Chance;
import dev.switchboard.time.LogLimit;
import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

import org.springframework.context.SmartLifecycle;

/**
 * Sends the number of this node's connections to CloudWatch, as a percentage of the
 * node's capacity. An Auto Scaling group scales by the average over its nodes. If a value
 * cannot be sent, it is lost, and nothing else happens. Thread-safe; no method blocks.
 */
final class CapacityMetric implements SmartLifecycle {

	/** The name of the metric. */
	static final String NAME = "ConnectionsOfCapacity";

	private static final Logger logger = LoggerFactory.getLogger(CapacityMetric.class);

	private static final double SPREAD = 0.1;

	private final CloudWatchClient client;

	private final String namespace;

	private final String group;

	private final DoubleSupplier percent;

	private final LogLimit failures;

	private final Periodic values;

	private volatile boolean running;

	/**
	 * @param percent reads the value to send
	 */
	CapacityMetric(CloudWatchClient client, CapacityMetricSettings settings, String group, DoubleSupplier percent,
			Chance chance, TimeSource time) {
		this.client = client;
		this.namespace = String.valueOf(settings.namespace());
		this.group = group;
		this.percent = percent;
		this.failures = new LogLimit(Duration.ofMinutes(10), time);
		this.values = new Periodic(() -> chance.around(settings.interval(), SPREAD), this::send, this::failed);
	}

	private Mono<?> send() {
		MetricDatum value = MetricDatum.builder()
			.metricName(NAME)
			.dimensions(Dimension.builder().name("AutoScalingGroupName").value(this.group).build())
			.unit(StandardUnit.PERCENT)
			.value(this.percent.getAsDouble())
			.build();
		return AwsCalls
			.call(() -> this.client.putMetricData((request) -> request.namespace(this.namespace).metricData(value)));
	}

	private void failed(Throwable failure) {
		this.failures.tryLog()
			.ifPresent((heldBack) -> logger.warn("A value of {} was not sent ({} more since the last line): {}", NAME,
					heldBack, AwsCalls.explain("CloudWatch", failure)));
	}

	@Override
	public void start() {
		this.running = true;
		this.values.start();
	}

	@Override
	public void stop() {
		this.running = false;
		this.values.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
