package dev.switchboard.agent;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.Map;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

/**
 * Runs the handler of each push, in order, and acknowledges the push afterwards. A push
 * that comes again is acknowledged again, but not processed again. Thread-safe.
 */
final class PushDispatcher {

	private static final Logger logger = System.getLogger(PushDispatcher.class.getName());

	private final Map<String, PushHandler> handlers;

	private final BoundedExecutor executor;

	private final AnswerCache processed;

	/**
	 * @param executor runs one task at a time
	 */
	PushDispatcher(Map<String, PushHandler> handlers, BoundedExecutor executor, AnswerCache processed) {
		this.handlers = handlers;
		this.executor = executor;
		this.processed = processed;
	}

	void dispatch(Frame.Push push, GatewayConnection from) {
		PushHandler handler = this.handlers.get(push.method());
		if (handler == null) {
			logger.log(Level.DEBUG, "Ignored a push of unknown method {0}", push.method());
		}
		else if (!this.executor.offer(() -> process(push, handler, from))) {
			logger.log(Level.WARNING, "Dropped push {0}: too many wait", push.id());
		}
	}

	private void process(Frame.Push push, PushHandler handler, GatewayConnection from) {
		byte[] ack = this.processed.find(push.id());
		if (ack == null) {
			try {
				handler.handle(new IncomingPush(push.id(), push.method(), push.payload()));
			}
			catch (Throwable ex) {
				logger.log(Level.WARNING, () -> "Handler of push " + push.id() + " failed", ex);
				return;
			}
			ack = FrameCodec.encode(new Frame.Ack(push.id().toString()));
			this.processed.put(push.id(), ack);
		}
		from.acknowledge(ack);
	}

}
