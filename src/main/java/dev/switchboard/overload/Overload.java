package dev.switchboard.overload;

import java.time.Duration;

import dev.switchboard.time.Periodic;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.context.SmartLifecycle;

/**
 * Watches the load of this node, and decides how far the node is overloaded. Thread-safe;
 * nothing blocks.
 */
public final class Overload implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Overload.class);

	private static final Duration PERIOD = Duration.ofMillis(200);

	private final boolean enabled;

	private final LevelMachine machine;

	private final Load load;

	private final Mono<Void> publish;

	private final TimeSource time;

	private final Periodic checks = new Periodic(() -> PERIOD, () -> Mono.defer(this::check),
			(failure) -> logger.warn("The load could not be measured", failure));

	private volatile State state;

	private volatile boolean running;

	/**
	 * @param publish publishes to the other nodes whether this node takes agents
	 */
	Overload(OverloadSettings settings, Load load, Mono<Void> publish, TimeSource time) {
		this.enabled = settings.enabled();
		this.machine = new LevelMachine(settings);
		this.load = load;
		this.publish = publish;
		this.time = time;
		this.state = new State(Level.NORMAL, this.machine.reason(), null);
	}

	/**
	 * The level, and what it comes from.
	 *
	 * @param reason why the level is the present one, as a part of a sentence
	 * @param measurement the last measurement; null before the first
	 */
	record State(Level level, String reason, @Nullable Measurement measurement) {
	}

	/** Measures the load, and changes the level if that is due. */
	Mono<Void> check() {
		Level before = this.machine.level();
		Measurement measurement = this.load.measure();
		boolean changed = this.machine.step(measurement, this.time.nanoTime());
		this.load.loops().memoryIsFull(this.machine.isMemoryFull(measurement));
		Level now = this.machine.level();
		this.state = new State(now, this.machine.reason(), measurement);
		if (!changed) {
			return Mono.empty();
		}
		log(before);
		return (before == Level.NORMAL || now == Level.NORMAL) ? this.publish.onErrorComplete() : Mono.empty();
	}

	/** Logs each step up, and the end. */
	private void log(Level before) {
		Level now = this.machine.level();
		if (now.isAtLeast(before)) {
			logger.warn("This node is overloaded ({} after {}): {}", now.text(), before.text(), this.machine.reason());
		}
		else if (now == Level.NORMAL) {
			logger.info("This node is not overloaded any more");
		}
	}

	/** Returns how far this node is overloaded. */
	public Level level() {
		return this.state.level();
	}

	/** Whether this node accepts agents' handshakes, as far as its load is concerned. */
	public boolean takesAgents() {
		return this.state.level() == Level.NORMAL;
	}

	State state() {
		return this.state;
	}

	Load load() {
		return this.load;
	}

	@Override
	public void start() {
		this.running = true;
		if (this.enabled) {
			this.load.loops().start();
			this.checks.start();
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.checks.dispose();
		this.load.loops().stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
