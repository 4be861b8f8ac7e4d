package dev.switchboard.aws;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.switchboard.database.Database;
import dev.switchboard.problem.SettingsRefusedException;
import io.awspring.cloud.autoconfigure.core.AwsClientBuilderConfigurer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.DefaultRetryStrategy;

/**
 * Makes clients of AWS and calls them. The clients block, so calls run on threads of
 * their own. A client does not try again by itself. A caller that tries again makes
 * random pauses, which differ between nodes.
 */
final class AwsCalls {

	private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

	private static final Duration CALL_LIMIT = Duration.ofSeconds(10);

	private AwsCalls() {
	}

	/**
	 * Makes a client with the credentials, the region and the endpoint of the settings.
	 * @throws SettingsRefusedException if no region is known
	 */
	static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
			AwsClientBuilderConfigurer settings, B builder) {
		try {
			B configured = settings.configure(builder);
			return configured
				.overrideConfiguration(configured.overrideConfiguration()
					.toBuilder()
					.apiCallTimeout(CALL_LIMIT)
					.retryStrategy(DefaultRetryStrategy.doNotRetry())
					.build())
				.httpClientBuilder(
						UrlConnectionHttpClient.builder().connectionTimeout(CONNECT_LIMIT).socketTimeout(CALL_LIMIT))
				.build();
		}
		catch (SdkClientException ex) {
			throw new SettingsRefusedException("A setting of switchboard.aws is set, but no region of AWS is known.",
					"Set spring.cloud.aws.region.static or the environment variable AWS_REGION.");
		}
	}

	/**
	 * Calls AWS when subscribed to. A call goes on to its end even if its subscriber
	 * cancels, since an interrupted call would be logged as a failure.
	 */
	static <T> Mono<T> call(Callable<T> call) {
		return Mono.defer(() -> Database.detached(Mono.fromCallable(call).subscribeOn(Schedulers.boundedElastic())));
	}

	/** Explains a failure to an operator, in one line. */
	static String explain(String service, Throwable failure) {
		return switch (failure) {
			case AwsServiceException refused when code(refused) != null ->
				service + " answers " + code(refused) + ": " + refused.awsErrorDetails().errorMessage();
			case AwsServiceException refused -> service + " answers with the status " + refused.statusCode();
			case SdkException unsent -> service + " does not answer: " + unsent.getMessage();
			default -> service + ": " + failure;
		};
	}

	/** Returns the name of an error of AWS; null if the answer has none. */
	static @Nullable String code(AwsServiceException refused) {
		return (refused.awsErrorDetails() != null) ? refused.awsErrorDetails().errorCode() : null;
	}

}
