package dev.switchboard.push;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.switchboard.database.Database;
import dev.switchboard.time.Chance;
import dev.switchboard.time.Periodic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;

/**
 * Announces pushes whose notice was lost, because the node that stored them died before
 * it sent the notice. Each node looks for such pushes about every 30 seconds. An index
 * has only pushes that are not announced yet, so a look that finds none reads one entry.
 */
final class PushSweep implements InitializingBean, DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(PushSweep.class);

	private static final Duration PERIOD = Duration.ofSeconds(30);

	private static final long OLD_MICROS = TimeUnit.SECONDS.toMicros(10);

	private static final int MOST = 500;

	private final Database database;

	private final PushNotices notices;

	private final Periodic sweeps;

	PushSweep(Database database, PushNotices notices, Chance chance) {
		this.database = database;
		this.notices = notices;
		this.sweeps = new Periodic(() -> chance.around(PERIOD, 0.5), this::sweep,
				(failure) -> logger.debug("Lost notices of pushes not looked for: {}", failure.toString()));
	}

	/** Announces up to 500 pushes that were stored more than ten seconds ago. */
	Mono<List<PushNotice>> sweep() {
		return this.database
			.upkeep("push-sweep", (connection) -> WaitingTable.unannounced(connection, OLD_MICROS, MOST))
			.doOnNext((lost) -> lost.forEach(this.notices::add));
	}

	@Override
	public void afterPropertiesSet() {
		this.sweeps.start();
	}

	@Override
	public void destroy() {
		this.sweeps.dispose();
	}

}
