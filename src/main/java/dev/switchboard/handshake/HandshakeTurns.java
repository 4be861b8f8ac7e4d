package dev.switchboard.handshake;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Gives handshakes a few milliseconds of each turn of their event loop, and has the rest
 * wait for the next: a thousand that come at once would be one turn of a second, for
 * which the calls of all other agents waited. Thread-safe.
 */
final class HandshakeTurns {

	static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

	private final LongSupplier nanoTime;

	private final FastThreadLocal<Lane> lanes = new FastThreadLocal<>() {

		@Override
		protected Lane initialValue() {
			return new Lane();
		}

	};

	private final BiConsumer<EventExecutor, Runnable> inNextTurn;

	HandshakeTurns() {
		// What is executed, not scheduled, would run in the same turn.
		this(System::nanoTime, (loop, task) -> loop.schedule(task, 0, TimeUnit.NANOSECONDS));
	}

	/**
	 * @param inNextTurn has an event loop run something in its next turn
	 */
	HandshakeTurns(LongSupplier nanoTime, BiConsumer<EventExecutor, Runnable> inNextTurn) {
		this.nanoTime = nanoTime;
		this.inNextTurn = inNextTurn;
	}

	/** The first of a new channel's handlers; it leaves with the first bytes. */
	ChannelHandler handler() {
		return new FirstBytes();
	}

	/** The handshakes of one event loop. */
	private final class Lane implements Runnable {

		private final Queue<FirstBytes> waiting = new ArrayDeque<>();

		/** What handshakes took of this turn. */
		private long spentNanos;

		void arrived(FirstBytes handshake) {
			if (this.spentNanos >= SLICE_NANOS) {
				this.waiting.add(handshake);
				return;
			}
			if (this.spentNanos == 0) {
				HandshakeTurns.this.inNextTurn.accept(handshake.loop(), this);
			}
			begin(handshake);
		}

		private void begin(FirstBytes handshake) {
			long from = HandshakeTurns.this.nanoTime.getAsLong();
			handshake.pass();
			this.spentNanos += Math.max(1, HandshakeTurns.this.nanoTime.getAsLong() - from);
		}

		@Override
		public void run() {
			this.spentNanos = 0;
			while (this.spentNanos < SLICE_NANOS && !this.waiting.isEmpty()) {
				FirstBytes handshake = this.waiting.remove();
				if (this.spentNanos == 0) {
					HandshakeTurns.this.inNextTurn.accept(handshake.loop(), this);
				}
				begin(handshake);
			}
		}

	}

	/**
	 * Holds a channel's first bytes until it is its turn. Nothing asks for more
	 * meanwhile, but the channel's end may be read.
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
				HandshakeTurns.this.lanes.get().arrived(this);
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
