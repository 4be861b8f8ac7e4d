package dev.switchboard.agent;

import java.lang.System.Logger.Level;
import java.lang.System.Logger;
import java.util.Map;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;

/**
 * Runs the handler of each push, in order. Acknowledges a durable push afterwards. A
 * durable push that comes again, on whatever connection, is acknowledged again, but not
 * processed again. Thread-safe.
 */
final class PushDispatcher {

	private static final Logger logger = System.getLogger(PushDispatcher.class.getName());

	private final Map<String, PushHandler> handlers;

	private final BoundedExecutor executor;

	private final ProcessedPushes processed;

	/**
	 * @param executor runs one task at a time
	 */
	PushDispatcher(Map<String, PushHandler> handlers, BoundedExecutor executor, ProcessedPushes processed) {
		this.handlers = handlers;
		this.executor = executor;
		this.processed = processed;
	}

	void dispatch(Frame.Push push, GatewayConnection from) {
		PushHandler handler = this.handlers.get(push.method());
		if (handler == null) {
			logger.log(push.durable() ? Level.WARNING : Level.DEBUG, "Ignored a push of unknown method {0}",
					push.method());
		}
		else if (!start(push, handler, from)) {
			logger.log(Level.WARNING, "Dropped push {0}: too many wait", push.id());
		}
	}

	/** The gateway limits the durable pushes, so none of them is dropped. */
	private boolean start(Frame.Push push, PushHandler handler, GatewayConnection from) {
		return push.durable() ? this.executor.offerBeyondCapacity(() -> processOnce(push, handler, from))
				: this.executor.offer(() -> process(push, handler));
	}

	private void processOnce(Frame.Push push, PushHandler handler, GatewayConnection from) {
		if (!this.processed.contains(push.id())) {
			if (!process(push, handler)) {
				return;
			}
			this.processed.add(push.id());
		}
		from.acknowledge(FrameCodec.encode(new Frame.Ack(push.id().toString())));
	}

	/** Returns whether the handler has completed normally. */
	private static boolean process(Frame.Push push, PushHandler handler) {
		try {
			handler.handle(new IncomingPush(push.id(), push.method(), push.payload()));
			return true;
		}
		catch (Throwable ex) {
			logger.log(Level.WARNING, () -> "Handler of push " + push.id() + " failed", ex);
			return false;
		}
	}

}
