package dev.switchboard.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A place in a tenant's log, as readers keep it.
 *
 * @param made when the log was made; each log has another time
 * @param position the place
 */
public record EventCursor(long made, EventPosition position) {

	private static final int LENGTH = 2 * Long.BYTES + 2 * Integer.BYTES;

	/** Returns the text that readers get. It fits only this tenant. */
	public String text(String tenant) {
		byte[] bytes = new byte[LENGTH];
		ByteBuffer.wrap(bytes)
			.putLong(this.made)
			.putLong(this.position.batch())
			.putInt(this.position.index())
			.putInt(check(tenant, bytes));
		return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
	}

	/**
	 * Reads the text of a cursor.
	 * @throws IllegalArgumentException if the text is not a cursor of this tenant
	 */
	public static EventCursor parse(String tenant, String text) {
		byte[] bytes = Base64.getUrlDecoder().decode(text);
		if (bytes.length != LENGTH) {
			throw new IllegalArgumentException("not a cursor");
		}
		ByteBuffer members = ByteBuffer.wrap(bytes);
		EventCursor cursor = new EventCursor(members.getLong(), new EventPosition(members.getLong(), members.getInt()));
		if (members.getInt() != check(tenant, bytes) || cursor.position.batch() < 0 || cursor.position.index() < 0) {
			throw new IllegalArgumentException("not a cursor of this tenant");
		}
		return cursor;
	}

	/** Returns a checksum of the tenant and of the bytes before the checksum. */
	private static int check(String tenant, byte[] bytes) {
		CRC32C sum = new CRC32C();
		sum.update(tenant.getBytes(StandardCharsets.US_ASCII));
		sum.update(bytes, 0, LENGTH - Integer.BYTES);
		return (int) sum.getValue();
	}

}
