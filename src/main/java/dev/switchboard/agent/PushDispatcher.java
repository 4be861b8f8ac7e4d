package dev.switchboard.agent;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.Map;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

/**
 * Gives each push to its method's handler, in order, and acknowledges it afterwards; a
 * duplicate is acknowledged again and not processed. Thread-safe.
 */
final class PushDispatcher {

	private static final Logger LOGGER = System.getLogger(PushDispatcher.class.getName());

	private final Map<String, PushHandler> handlers;

	private final Lane lane;

	private final AnswerCache processed;

	/**
	 * @param lane runs one at a time
	 */
	PushDispatcher(Map<String, PushHandler> handlers, Lane lane, AnswerCache processed) {
		this.handlers = handlers;
		this.lane = lane;
		this.processed = processed;
	}

	void dispatch(Frame.Push push, GatewayConnection from) {
		PushHandler handler = this.handlers.get(push.method());
		if (handler == null) {
			LOGGER.log(Level.DEBUG, "Ignored a push of unknown method {0}", push.method());
		}
		else if (!this.lane.offer(() -> process(push, handler, from))) {
			LOGGER.log(Level.WARNING, "Dropped push {0}: too many wait", push.id());
		}
	}

	private void process(Frame.Push push, PushHandler handler, GatewayConnection from) {
		byte[] ack = this.processed.find(push.id());
		if (ack == null) {
			try {
				handler.handle(push);
			}
			catch (Throwable ex) {
				LOGGER.log(Level.WARNING, () -> "Handler of push " + push.id() + " failed", ex);
				return;
			}
			ack = FrameCodec.encode(new Frame.Ack(push.id().toString()));
			this.processed.put(push.id(), ack);
		}
		from.answer(push.id(), ack);
	}

}
