package dev.switchboard.handshake;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import dev.switchboard.time.TimeSource;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Limits handshakes to a few milliseconds of each event-loop turn. Further handshakes
 * wait for later turns. A handshake takes about half a millisecond of CPU
 * (docs/performance.md), so 1,000 handshakes at a time would otherwise stall the calls of
 * all connected agents. Thread-safe.
 */
final class HandshakeTimeSlices {

	static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private final TimeSource time;

	private final FastThreadLocal<LoopSlice> slices = new FastThreadLocal<>() {

		@Override
		protected LoopSlice initialValue() {
			return new LoopSlice();
		}

	};

	private final BiConsumer<EventExecutor, Runnable> inNextTurn;

	HandshakeTimeSlices(TimeSource time) {
		// schedule() runs a task in the next turn, execute() in this turn.
		this(time, (loop, task) -> loop.schedule(task, 0, TimeUnit.NANOSECONDS));
	}

	/**
	 * @param inNextTurn runs a task in the next turn of an event loop
	 */
	HandshakeTimeSlices(TimeSource time, BiConsumer<EventExecutor, Runnable> inNextTurn) {
		this.time = time;
		this.inNextTurn = inNextTurn;
	}

	/**
	 * Returns a handler to put first into a new channel's pipeline. It removes itself
	 * when it passes on the first bytes.
	 */
	ChannelHandler handler() {
		return new FirstBytes();
	}

	/**
	 * The used time and the waiting handshakes of one event loop. Used on that event loop
	 * only.
	 */
	private final class LoopSlice implements Runnable {

		private final Queue<FirstBytes> waiting = new ArrayDeque<>();

		/** The time that handshakes have used in this turn; 0 if none has begun. */
		private long spentNanos;

		void arrived(FirstBytes handshake) {
			if (this.spentNanos >= SLICE_NANOS) {
				this.waiting.add(handshake);
				return;
			}
			begin(handshake);
		}

		private void begin(FirstBytes handshake) {
			if (this.spentNanos == 0) {
				HandshakeTimeSlices.this.inNextTurn.accept(handshake.loop(), this);
			}
			long from = HandshakeTimeSlices.this.time.nanoTime();
			handshake.pass();
			this.spentNanos += Math.max(1, HandshakeTimeSlices.this.time.nanoTime() - from);
		}

		/** Begins the slice of the next turn, with the handshakes that wait. */
		@Override
		public void run() {
			this.spentNanos = 0;
			while (this.spentNanos < SLICE_NANOS && !this.waiting.isEmpty()) {
				begin(this.waiting.remove());
			}
		}

	}

	/**
	 * Holds the first bytes of a channel until its loop has time for the handshake. No
	 * read is requested meanwhile, but the end of the channel may still be read.
	 */
	private final class FirstBytes extends ChannelInboundHandlerAdapter {

		private final Queue<Object> bytes = new ArrayDeque<>(1);

		@SuppressWarnings("NullAway.Init")
		private ChannelHandlerContext context;

		private boolean arrived;

		EventExecutor loop() {
			return this.context.executor();
		}

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.context = context;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object read) {
			this.bytes.add(read);
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext context) {
			if (!this.arrived && !this.bytes.isEmpty()) {
				this.arrived = true;
				HandshakeTimeSlices.this.slices.get().arrived(this);
			}
		}

		void pass() {
			if (this.context.isRemoved()) {
				this.bytes.forEach(ReferenceCountUtil::release); // the channel has closed
				return;
			}
			this.context.pipeline().remove(this);
			this.bytes.forEach(this.context::fireChannelRead);
			this.context.fireChannelReadComplete();
		}

	}

}
