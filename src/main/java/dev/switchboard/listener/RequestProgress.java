package dev.switchboard.listener;

import java.util.Locale;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Knows what one connection is doing, so that {@link SlowPeers} can find out now and then
 * whether it gets on. It stands before the HTTP decoder, where it sees bytes that are no
 * whole head yet. A request costs it some fields. Used on the channel's event loop.
 */
final class RequestProgress extends ChannelInboundHandlerAdapter {

	static final String NAME = "switchboard.progress";

	/** A peer that takes fewer bytes of an answer in the time does not get on. */
	private static final long LEAST_TAKEN = 32 * 1024;

	/** What a peer keeps the node waiting for. */
	enum Part {

		/** The rest of a request's head. */
		HEAD,
		/** The rest of a request's body. */
		BODY,
		/** The peer's reading of an answer. */
		ANSWER;

		private final String text = name().toLowerCase(Locale.ROOT);

		String text() {
			return this.text;
		}

	}

	private final HttpGate gate;

	/** Whether bytes have come of which no request has become yet. */
	private boolean incomplete;

	/** Whether the end of the last request's body has not arrived yet. */
	private boolean receiving;

	/** The number of requests. */
	private int requests;

	private @Nullable Part part;

	private int partOfRequest;

	private @Nullable Object answer;

	private long answered;

	private long sinceNanos;

	private boolean refused;

	RequestProgress(HttpGate gate) {
		this.gate = gate;
	}

	HttpGate gate() {
		return this.gate;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (message instanceof ByteBuf) {
			this.incomplete = true;
		}
		context.fireChannelRead(message);
	}

	/** Called for each part of a request. */
	void note(HttpObject message) {
		this.incomplete = false;
		if (message instanceof HttpRequest) {
			this.requests++;
			this.receiving = true;
		}
		if (message instanceof LastHttpContent) {
			this.receiving = false;
		}
	}

	/**
	 * Looks for what the peer keeps the node waiting for; null if for nothing.
	 * @param now the {@link dev.switchboard.time.TimeSource#nanoTime()} of this look
	 */
	@SuppressWarnings("ReferenceEquality") // The same buffer, not an equal one.
	@Nullable Part look(Channel channel, long now) {
		ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
		Object first = (outbound != null) ? outbound.current() : null;
		Part current = current(first);
		boolean same = current == this.part && this.partOfRequest == this.requests && first == this.answer;
		long progress = (outbound != null && first != null) ? outbound.currentProgress() : 0;
		if (!same || progress < this.answered || progress - this.answered >= LEAST_TAKEN) {
			this.part = current;
			this.partOfRequest = this.requests;
			this.answer = first;
			this.answered = progress;
			this.sinceNanos = now;
		}
		return current;
	}

	private @Nullable Part current(@Nullable Object waiting) {
		if (waiting != null) {
			return Part.ANSWER;
		}
		if (this.receiving) {
			return Part.BODY;
		}
		return (this.incomplete && !this.gate.isAnswering()) ? Part.HEAD : null;
	}

	boolean isReceiving() {
		return this.receiving;
	}

	/** Notes that the peer was refused for its slowness; false if it was before. */
	boolean refuse() {
		boolean first = !this.refused;
		this.refused = true;
		return first;
	}

	/** Returns for how long the last look has been the same, in nanoseconds. */
	long sameForNanos(long now) {
		return now - this.sinceNanos;
	}

}
