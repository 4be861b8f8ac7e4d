package dev.switchboard.aws;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import dev.switchboard.time.Periodic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Follows the life of the instance on which this node runs. When the node is ready,
 * completes the launch hook. When Auto Scaling is to end the instance, drains the node,
 * and then completes the termination hook. When EC2 takes a spot instance back, only
 * drains the node. If both happen, there is only one drain. Failures of AWS are logged
 * and tried again, and have no other effect on the node. Thread-safe; no method blocks.
 */
final class InstanceLife implements SmartLifecycle, ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private static final Logger logger = LoggerFactory.getLogger(InstanceLife.class);

	private final AutoScalingSettings settings;

	private final InstanceMetadata metadata;

	private final LifecycleHooks hooks;

	private final BooleanSupplier registered;

	private final Mono<Void> drained;

	private final Periodic polls;

	private final AtomicBoolean launched = new AtomicBoolean();

	private final AtomicBoolean interrupted = new AtomicBoolean();

	private final AtomicBoolean terminating = new AtomicBoolean();

	private final Disposable.Composite work = Disposables.composite();

	private @Nullable String logged;

	private volatile boolean running;

	/**
	 * @param registered whether the directory lists this node
	 * @param drain drains this node; completes when the node has no agents left
	 */
	InstanceLife(AutoScalingSettings settings, InstanceMetadata metadata, LifecycleHooks hooks,
			BooleanSupplier registered, Supplier<Mono<Void>> drain) {
		this.settings = settings;
		this.metadata = metadata;
		this.hooks = hooks;
		this.registered = registered;
		this.drained = Mono.defer(drain).cache();
		this.polls = new Periodic(settings::poll, this::look, this::failed);
	}

	@Override
	public void start() {
		this.running = true;
		this.polls.start();
	}

	/**
	 * Completes the launch hook once the node has been ready for the first time and the
	 * directory lists it.
	 */
	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		String hook = this.settings.launchHook();
		if (hook != null && event.getState() == ReadinessState.ACCEPTING_TRAFFIC
				&& this.launched.compareAndSet(false, true)) {
			this.work.add(Flux.interval(this.settings.poll().dividedBy(5))
				.filter((_) -> this.registered.getAsBoolean())
				.next()
				.then(this.hooks.complete(hook))
				.subscribe());
		}
	}

	private Mono<Void> look() {
		Mono<Void> spot = this.metadata.get("spot/instance-action").doOnNext(this::interrupt).then();
		return this.metadata.get("autoscaling/target-lifecycle-state")
			.filter("Terminated"::equals)
			.doOnNext((_) -> terminate())
			.then(spot)
			.doOnSuccess((_) -> this.logged = null);
	}

	private void interrupt(String action) {
		if (this.interrupted.compareAndSet(false, true)) {
			logger.warn("EC2 takes this spot instance back, so the node drains: {}", action);
			begin(this.drained);
		}
	}

	private void terminate() {
		if (this.terminating.compareAndSet(false, true)) {
			logger.info("Auto Scaling ends this instance, so the node drains");
			String hook = this.settings.terminationHook();
			begin((hook != null) ? this.hooks.completeAfter(hook, this.drained) : this.drained);
		}
	}

	private void begin(Mono<Void> drain) {
		this.work.add(drain.subscribe((_) -> {
		}, (failure) -> logger.warn("The drain failed: {}", failure.toString())));
	}

	private void failed(Throwable failure) {
		String reason = String.valueOf(failure.getMessage());
		if (!reason.equals(this.logged)) {
			this.logged = reason;
			logger.warn("It is not known whether this instance is to end: {}", reason);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.polls.dispose();
		this.work.dispose();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
