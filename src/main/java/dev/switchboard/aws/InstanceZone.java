package dev.switchboard.aws;

import dev.switchboard.node.ZoneSource;
import dev.switchboard.time.Backoff;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;

/**
 * The availability zone of the instance on which this node runs. It is read once, in the
 * background. If the instance metadata do not answer, they are asked again, with growing
 * pauses. Thread-safe.
 */
final class InstanceZone implements ZoneSource, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(InstanceZone.class);

	/** The most characters that the directory keeps of a zone. */
	private static final int LONGEST = 128;

	private final Disposable reading;

	private volatile @Nullable String zone;

	InstanceZone(InstanceMetadata metadata, Backoff backoff) {
		this.reading = metadata.get("placement/availability-zone")
			.filter((text) -> !text.isEmpty() && text.length() <= LONGEST)
			.retryWhen(backoff.whileFailing((_) -> true, InstanceZone::failed))
			.subscribe((text) -> this.zone = text);
	}

	private static void failed(Throwable failure, long before) {
		if (before == 0) {
			logger.warn("The availability zone of this instance is not known yet: {}", failure.toString());
		}
	}

	@Override
	public @Nullable String zone() {
		return this.zone;
	}

	/** Gives up an attempt that is under way. */
	@Override
	public void close() {
		this.reading.dispose();
	}

}
