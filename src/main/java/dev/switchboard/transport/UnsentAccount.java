package dev.switchboard.transport;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

/**
 * Reports the bytes that a channel has to send, while the kernel takes no more. It is an
 * attribute of the channel, so that a channel without such bytes has no field for it.
 */
final class UnsentAccount {

	private static final AttributeKey<UnsentAccount> KEY = AttributeKey.valueOf(UnsentAccount.class, "account");

	private final SessionObserver observer;

	private int held;

	private boolean awaitsWrite;

	private UnsentAccount(SessionObserver observer) {
		this.observer = observer;
	}

	/** Reports what is left after a flush. */
	static void flushed(Channel channel, @Nullable SessionObserver observer) {
		int pending = pending(channel);
		UnsentAccount account = channel.hasAttr(KEY) ? channel.attr(KEY).get() : null;
		if (account == null && pending > 0 && observer != null) {
			account = new UnsentAccount(observer);
			channel.attr(KEY).set(account);
		}
		if (account != null) {
			account.update(channel, pending);
		}
	}

	private static int pending(Channel channel) {
		ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
		return (buffer != null) ? (int) Math.min(Integer.MAX_VALUE, buffer.totalPendingWriteBytes()) : 0;
	}

	private void update(Channel channel, int pending) {
		int change = pending - this.held;
		this.held = pending;
		if (change != 0) {
			this.observer.unsent(change);
		}
		if (pending > 0 && !this.awaitsWrite) {
			this.awaitsWrite = true;
			channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((_) -> {
				this.awaitsWrite = false;
				update(channel, pending(channel));
			});
		}
	}

}
