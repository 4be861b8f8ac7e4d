package dev.switchboard.directory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

import dev.switchboard.database.Sql;
import io.r2dbc.spi.Readable;
import org.jspecify.annotations.Nullable;

/**
 * How a connection ended.
 *
 * @param code the close code; 1006 if the socket ended without a Close frame
 * @param reason the text of the Close frame; empty if there was none
 * @param at when the connection ended, by the directory's clock
 */
public record LastClose(int code, String reason, Instant at) {

	/** The longest reason that is stored: as many bytes as fit into a Close frame. */
	private static final int REASON_BYTES = 123;

	static @Nullable LastClose read(Readable row) {
		byte[] reason = row.get("close_reason", byte[].class);
		return (reason != null) ? new LastClose(Sql.integer(row, "close_code"),
				new String(reason, StandardCharsets.UTF_8), Sql.instant(row, "closed_at")) : null;
	}

	/**
	 * Returns the reason in UTF-8. It is stored as bytes, because the database's
	 * character set may lack a character. As text, such a reason would fail the whole
	 * batch.
	 */
	byte[] reasonBytes() {
		byte[] bytes = this.reason.getBytes(StandardCharsets.UTF_8);
		return (bytes.length <= REASON_BYTES) ? bytes : Arrays.copyOf(bytes, REASON_BYTES);
	}

}
