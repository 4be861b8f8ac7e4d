package dev.switchboard.transport;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 (RFC 3629 section 4) piece by piece, and finds an error at the first byte
 * after which the text so far can no longer become valid, as RFC 6455 section 8.1 demands
 * for text messages.
 */
final class Utf8Validator {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

	/** The number of continuation bytes that the current character still needs. */
	private int missing;

	/** The lowest value of the next continuation byte; {@code high} is the highest. */
	private int low;

	private int high;

	/**
	 * Takes the next bytes. Returns whether the text so far can be the start of UTF-8
	 * text.
	 */
	boolean accept(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to) {
			if (this.missing == 0 && i <= to - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
				i += Long.BYTES;
			}
			else if (!accept(bytes[i++] & 0xFF)) {
				return false;
			}
		}
		return true;
	}

	/** Whether the text so far ends with a whole character. */
	boolean isComplete() {
		return this.missing == 0;
	}

	private boolean accept(int octet) {
		if (this.missing == 0) {
			return octet < 0x80 || lead(octet);
		}
		if (octet < this.low || octet > this.high) {
			return false;
		}
		return expect(this.missing - 1, 0x80, 0xBF);
	}

	/**
	 * Begins a character of several bytes. The bounds of its second byte exclude overlong
	 * forms, surrogates and characters above U+10FFFF.
	 */
	private boolean lead(int octet) {
		return switch (octet) {
			case 0xE0 -> expect(2, 0xA0, 0xBF);
			case 0xED -> expect(2, 0x80, 0x9F);
			case 0xF0 -> expect(3, 0x90, 0xBF);
			case 0xF4 -> expect(3, 0x80, 0x8F);
			default -> octet >= 0xC2 && octet < 0xF4 && expect((octet < 0xE0) ? 1 : (octet < 0xF0) ? 2 : 3, 0x80, 0xBF);
		};
	}

	private boolean expect(int missing, int low, int high) {
		this.missing = missing;
		this.low = low;
		this.high = high;
		return true;
	}

}
