package dev.switchboard.handshake;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.listener.InstantRefusal;
import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Counts the bytes of handshakes that are not complete. They may take a fifth of the
 * node's budget. Beyond that, the handshakes that have taken the longest are answered 503
 * and closed: an honest handshake takes milliseconds. Thread-safe.
 */
final class HandshakeBytes {

	/** What a channel takes beside the bytes that came. */
	private static final int CHANNEL = 4096;

	private static final int SHARE = 5;

	private final ByteBudget budget;

	private final long most;

	private final InstantRefusal refusal;

	private final LongAdder refused = new LongAdder();

	/** The handshakes of each event loop, the oldest first. */
	private final FastThreadLocal<Set<Handshake>> handshakes = new FastThreadLocal<>() {
		@Override
		protected Set<Handshake> initialValue() {
			return new LinkedHashSet<>();
		}
	};

	HandshakeBytes(ByteBudget budget, Chance chance) {
		this.budget = budget;
		this.most = budget.limit() / SHARE;
		this.refusal = new InstantRefusal(HandshakeAdmission.FULL, ByteBudget.RETRY_WITHIN, chance);
	}

	/**
	 * Returns a handler to put into a new channel's pipeline. Its bytes are given back
	 * when it is removed, or when the channel closes.
	 */
	ChannelHandler handler() {
		return new Handshake();
	}

	/** Returns how many handshakes were refused. */
	long refused() {
		return this.refused.sum();
	}

	private void makeRoom(Set<Handshake> waiting) {
		while (this.budget.held(BudgetKind.HANDSHAKES) > this.most && !waiting.isEmpty()) {
			waiting.iterator().next().refuse();
		}
	}

	private final class Handshake extends ChannelInboundHandlerAdapter {

		@SuppressWarnings("NullAway.Init")
		private ChannelHandlerContext context;

		private long held;

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.context = context;
			HandshakeBytes.this.handshakes.get().add(this);
			hold(CHANNEL);
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object read) {
			if (this.held > 0 && read instanceof ByteBuf bytes) {
				hold(bytes.readableBytes());
			}
			context.fireChannelRead(read);
		}

		private void hold(int bytes) {
			this.held += bytes;
			HandshakeBytes.this.budget.add(BudgetKind.HANDSHAKES, null, bytes);
			makeRoom(HandshakeBytes.this.handshakes.get());
		}

		@Override
		public void handlerRemoved(ChannelHandlerContext context) {
			release();
		}

		void refuse() {
			release();
			HandshakeBytes.this.refused.increment();
			this.context.writeAndFlush(HandshakeBytes.this.refusal.bytes()).addListener(ChannelFutureListener.CLOSE);
		}

		private void release() {
			HandshakeBytes.this.handshakes.get().remove(this);
			HandshakeBytes.this.budget.add(BudgetKind.HANDSHAKES, null, -this.held);
			this.held = 0;
		}

	}

}
