package dev.switchboard.transport;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a reader reports of the messages that it reads. */
class ArrivalAccountTests {

	private static final int OVERHEAD = 256;

	private final FrameReader reader = new FrameReader(MessageBounds.ofBytes(100_000));

	private final Reports reports = new Reports();

	private void read(byte[] bytes) {
		ByteBuf in = Unpooled.wrappedBuffer(bytes);
		while (in.isReadable()) {
			this.reader.next(in, 1);
		}
		this.reader.account(this.reports, bytes.length, 1);
	}

	/** A frame with a masking key of zeros. */
	private static byte[] frame(int head, int length) {
		byte[] bytes = new byte[6 + length];
		bytes[0] = (byte) head;
		bytes[1] = (byte) (0x80 | length);
		return bytes;
	}

	private static byte[] join(byte[]... parts) {
		return Unpooled.copiedBuffer(parts).array();
	}

	@Test
	void shouldHoldNothingForAMessageThatComesWhole() {
		read(frame(0x82, 100));
		assertThat(this.reports.begun).isZero();
		assertThat(this.reports.reads).containsExactly("106 bytes, 0 fragments, 0 controls");
	}

	@Test
	void shouldHoldAMessageUntilItIsWhole() {
		read(frame(0x02, 100));
		assertThat(this.reports.held).isEqualTo(OVERHEAD + 100);
		read(frame(0x80, 20));
		assertThat(this.reports.held).isZero();
		assertThat(this.reports.begun).isOne();
		assertThat(this.reports.ended).isOne();
	}

	/** Whoever always has a message under way is not late. */
	@Test
	void shouldBeginAnewWhenOneMessageEndsAndTheNextBegins() {
		read(frame(0x02, 10));
		read(join(frame(0x80, 10), frame(0x02, 10)));
		assertThat(this.reports.begun).isEqualTo(2);
		assertThat(this.reports.ended).isOne();
		assertThat(this.reports.held).isEqualTo(OVERHEAD + 10);
	}

	/** The empty fragments of websockets/ws #2329 and the pings of tyrus #954. */
	@Test
	void shouldCountFragmentsAndControlFrames() {
		read(join(frame(0x02, 0), frame(0x89, 5), frame(0x00, 0), frame(0x8A, 0)));
		assertThat(this.reports.reads).containsExactly("29 bytes, 2 fragments, 2 controls");
	}

	@Test
	void shouldHoldNothingOnceItSkips() {
		read(frame(0x02, 100));
		this.reader.skip();
		assertThat(this.reports.held).isZero();
		assertThat(this.reports.ended).isOne();
	}

	private static final class Reports implements SessionObserver, SessionObserver.Arrival {

		private final List<String> reads = new ArrayList<>();

		private int begun;

		private int ended;

		private int held;

		@Override
		public void read(int bytes, int fragments, int controls) {
			this.reads.add(bytes + " bytes, " + fragments + " fragments, " + controls + " controls");
		}

		@Override
		public Arrival begun(long startNanos) {
			this.begun++;
			return this;
		}

		@Override
		public void unsent(int change) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void held(int change) {
			this.held += change;
		}

		@Override
		public void ended() {
			this.ended++;
		}

	}

}
