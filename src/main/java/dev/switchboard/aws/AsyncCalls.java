package dev.switchboard.aws;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import dev.switchboard.problem.SettingsRefusedException;
import io.awspring.cloud.autoconfigure.AwsClientProperties;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.retries.StandardRetryStrategy;

/**
 * Makes the clients of AWS that do not block, for the relays of events. A client has an
 * event loop of its own, and tries a request again twice at most.
 */
final class AsyncCalls {

	private static final Logger logger = LoggerFactory.getLogger(AsyncCalls.class);

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

	private static final Duration ATTEMPT_LIMIT = Duration.ofSeconds(5);

	private static final Duration CALL_LIMIT = Duration.ofSeconds(12);

	private static final int ATTEMPTS = 3;

	private AsyncCalls() {
	}

	/**
	 * Makes a client with the credentials, the region and the endpoint of the settings.
	 * @param receiver the queue or topic; its region counts if it names one and if
	 * {@code properties} do not
	 * @throws SettingsRefusedException if no region is known
	 */
	static <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C client(
			AwsClientBuilderConfigurer settings, AwsClientProperties properties, String receiver, B builder) {
		String region = ArnParts.regionOf(receiver);
		if (properties.getRegion() == null && region != null) {
			properties.setRegion(region);
		}
		try {
			B configured = settings.configure(builder, properties, null);
			return configured
				.overrideConfiguration(configured.overrideConfiguration()
					.toBuilder()
					.apiCallAttemptTimeout(ATTEMPT_LIMIT)
					.apiCallTimeout(CALL_LIMIT)
					.retryStrategy(StandardRetryStrategy.builder().maxAttempts(ATTEMPTS).build())
					.build())
				.httpClientBuilder(NettyNioAsyncHttpClient.builder()
					.connectionTimeout(CONNECT_LIMIT)
					.eventLoopGroupBuilder(SdkEventLoopGroup.builder().numberOfThreads(1)))
				.build();
		}
		catch (SdkClientException ex) {
			throw new SettingsRefusedException(
					"switchboard.events.sqs or switchboard.events.sns is set, but no region of AWS is known.",
					"Set spring.cloud.aws.region.static or the environment variable AWS_REGION.");
		}
	}

	/**
	 * Makes a request when subscribed to. The first part of it runs on a thread that may
	 * block, because the SDK may wait for credentials.
	 */
	static <T> Mono<T> call(Supplier<CompletableFuture<T>> request) {
		return Mono.fromFuture(request).subscribeOn(Schedulers.boundedElastic());
	}

	/**
	 * Waits for a check of a queue or topic, which a time limit ends. If AWS does not
	 * answer or denies access, logs a warning.
	 * @param rights the rights that the node's role needs
	 * @throws SettingsRefusedException if the check says so
	 */
	static void await(MessageReceiver receiver, Mono<?> check, String rights) {
		try {
			check.toFuture().join();
		}
		catch (CompletionException ex) {
			switch (ex.getCause()) {
				case SettingsRefusedException refused -> throw refused;
				case SdkException failure -> logger.warn("{} was not checked: {} (the node's role needs the rights {})",
						receiver.setting(), AwsCalls.explain(receiver.service(), failure), rights);
				case null, default -> throw ex;
			}
		}
	}

}
