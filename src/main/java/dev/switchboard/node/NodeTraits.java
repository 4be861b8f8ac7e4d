package dev.switchboard.node;

import java.time.Instant;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;

/**
 * What a node publishes about itself, beyond what is needed to reach it. A node of a
 * version that does not publish these traits has none of them. Times are by the
 * directory's clock.
 *
 * @param version the version of the node's build
 * @param zone the place of the node, such as the availability zone of a cloud
 * @param handshakeRate the number of handshakes that the node accepts in a second; 0 if
 * it takes no agents at present
 * @param startedAt when the node started
 * @param drainUntil when the node's drain ends at the latest; null unless the node drains
 */
public record NodeTraits(@Nullable String version, @Nullable String zone, @Nullable Integer handshakeRate,
		@Nullable Instant startedAt, @Nullable Instant drainUntil) {

	/** The traits of a node that publishes none. */
	public static final NodeTraits UNKNOWN = new NodeTraits(null, null, null, null, null);

	/** Returns the handshake rate, or another one if the node publishes none. */
	public int handshakeRateOr(int other) {
		return (this.handshakeRate != null) ? this.handshakeRate : other;
	}

	static NodeTraits read(Readable row) {
		return new NodeTraits(row.get("version", String.class), row.get("zone", String.class),
				row.get("handshake_rate", Integer.class), instant(row, "started_at"), instant(row, "drain_until"));
	}

	private static @Nullable Instant instant(Readable row, String column) {
		Long micros = row.get(column, Long.class);
		return (micros != null) ? Sql.instant(micros) : null;
	}

}
