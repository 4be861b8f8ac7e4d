package dev.switchboard.connection;

import java.util.AbstractQueue;
import java.util.Collections;
import java.util.Iterator;

import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * What waits for a slow agent, behind its connection's sink: a linked list through the
 * messages, bounded in bytes by {@link #fits}. Touched on the connection's event loop
 * only.
 */
final class OutboundQueue extends AbstractQueue<WebSocketMessage> {

	private @Nullable OutboundMessage head;

	private @Nullable OutboundMessage tail;

	private int messages;

	private long bytes;

	/** Whether this many more bytes stay within the limit. */
	boolean fits(int more, long limit) {
		return this.bytes == 0 || this.bytes + more <= limit;
	}

	long bytes() {
		return this.bytes;
	}

	/** Takes the message back unless the transport has it. */
	boolean withdraw(OutboundMessage message) {
		if (!message.isWithdrawn() && message.withdraw()) {
			this.bytes -= message.size();
		}
		return message.isWithdrawn();
	}

	@Override
	public boolean offer(WebSocketMessage message) {
		OutboundMessage added = (OutboundMessage) message;
		if (this.tail == null) {
			this.head = added;
		}
		else {
			this.tail.next = added;
		}
		this.tail = added;
		this.messages++;
		this.bytes += added.size();
		return true;
	}

	@Override
	public @Nullable WebSocketMessage poll() {
		dropWithdrawn();
		OutboundMessage first = this.head;
		if (first != null) {
			unlinkHead(first);
			this.bytes -= first.size();
			first.take();
		}
		return first;
	}

	@Override
	public @Nullable WebSocketMessage peek() {
		dropWithdrawn();
		return this.head;
	}

	@Override
	public boolean isEmpty() {
		return peek() == null;
	}

	@Override
	public int size() {
		return this.messages;
	}

	/** Drops everything, as the connection's end does. */
	@Override
	public void clear() {
		for (OutboundMessage each = this.head; each != null; each = each.next) {
			if (!each.isWithdrawn()) {
				each.drop();
			}
		}
		this.head = null;
		this.tail = null;
		this.messages = 0;
		this.bytes = 0;
	}

	@Override
	public Iterator<WebSocketMessage> iterator() {
		return Collections.emptyIterator();
	}

	private void dropWithdrawn() {
		while (this.head != null && this.head.isWithdrawn()) {
			unlinkHead(this.head);
		}
	}

	private void unlinkHead(OutboundMessage first) {
		this.head = first.next;
		first.next = null;
		this.messages--;
		if (this.head == null) {
			this.tail = null;
		}
	}

}
