package dev.switchboard.aws;

import java.time.Duration;
import java.util.concurrent.Callable;

import dev.switchboard.time.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingException;

/**
 * The lifecycle hooks of an Auto Scaling group, for one instance. Auto Scaling waits for
 * their completion before it puts an instance into service, and before it ends one.
 * Thread-safe; no method blocks, and nothing happens before subscription.
 */
final class LifecycleHooks {

	private static final Logger logger = LoggerFactory.getLogger(LifecycleHooks.class);

	private final AutoScalingClient client;

	private final String group;

	private final Mono<String> instance;

	private final Duration heartbeat;

	private final Backoff backoff;

	/**
	 * @param instance reads the id of the instance
	 * @param heartbeat the pause between two heartbeats
	 * @param backoff the pauses between the tries to complete a hook
	 */
	LifecycleHooks(AutoScalingClient client, String group, Mono<String> instance, Duration heartbeat, Backoff backoff) {
		this.client = client;
		this.group = group;
		this.instance = instance.switchIfEmpty(Mono.error(() -> new IllegalStateException("this instance has no id")))
			.cacheInvalidateIf((_) -> false);
		this.heartbeat = heartbeat;
		this.backoff = backoff;
	}

	/**
	 * Sends heartbeats, which keep a hook waiting, until some work is done. Then
	 * completes the hook, even if the work has failed. A heartbeat that fails is logged.
	 */
	Mono<Void> completeAfter(String hook, Mono<Void> work) {
		return Mono.defer(() -> {
			Mono<Void> ended = work.onErrorResume((failure) -> {
				logger.warn("The work before the hook {} failed: {}", hook, failure.toString());
				return Mono.empty();
			}).cache();
			return Flux.interval(Duration.ZERO, this.heartbeat)
				.onBackpressureDrop()
				.concatMap((_) -> beat(hook))
				.takeUntilOther(ended)
				.then(complete(hook));
		});
	}

	/**
	 * Completes a hook, so that Auto Scaling goes on. Tries again until the hook is
	 * completed, or until Auto Scaling says that it does not wait for the hook.
	 */
	Mono<Void> complete(String hook) {
		return this.instance
			.flatMap((id) -> call(hook,
					() -> this.client.completeLifecycleAction((request) -> request.instanceId(id)
						.autoScalingGroupName(this.group)
						.lifecycleHookName(hook)
						.lifecycleActionResult("CONTINUE"))))
			.doOnSuccess((answer) -> logger.info("The lifecycle hook {} {}", hook,
					(answer != null) ? "is completed" : "waits for nothing"))
			.retryWhen(this.backoff.whileFailing((_) -> true,
					(failure, failures) -> warn("is not completed yet", hook, failure, failures)))
			.then();
	}

	private Mono<Void> beat(String hook) {
		return this.instance
			.flatMap((id) -> call(hook, () -> this.client.recordLifecycleActionHeartbeat(
					(request) -> request.instanceId(id).autoScalingGroupName(this.group).lifecycleHookName(hook))))
			.doOnError((failure) -> warn("got no heartbeat", hook, failure, 0))
			.onErrorComplete()
			.then();
	}

	/** Calls Auto Scaling; completes without a value if it does not wait for the hook. */
	private static <T> Mono<T> call(String hook, Callable<T> call) {
		return AwsCalls.call(call).onErrorResume(LifecycleHooks::isNotWaiting, (_) -> {
			logger.debug("Auto Scaling does not wait for the hook {}", hook);
			return Mono.empty();
		});
	}

	private static boolean isNotWaiting(Throwable failure) {
		return failure instanceof AutoScalingException refused && "ValidationError".equals(AwsCalls.code(refused))
				&& String.valueOf(refused.getMessage()).contains("No active Lifecycle Action found");
	}

	private static void warn(String what, String hook, Throwable failure, long failures) {
		if (failures == 0) {
			logger.warn("The lifecycle hook {} {}: {}", hook, what, AwsCalls.explain("Auto Scaling", failure));
		}
	}

}
