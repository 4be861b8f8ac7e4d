package dev.switchboard.transport;

import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * Runs the handler of a session. The session closes when the handler ends, and the
 * handler is cancelled when the session ends.
 */
final class HandlerRun implements CoreSubscriber<Void> {

	private static final Logger logger = LoggerFactory.getLogger(HandlerRun.class);

	/** For all of them: one peer can cause many such lines. */
	private static final LogLimit logLimit = new LogLimit(Duration.ofSeconds(30), TimeSource.SYSTEM);

	private final LeanSession session;

	private @Nullable Subscription subscription;

	HandlerRun(LeanSession session) {
		this.session = session;
	}

	void start(WebSocketHandler handler) {
		try {
			handler.handle(this.session).subscribe(this);
		}
		catch (RuntimeException ex) {
			onError(ex);
		}
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		if (Operators.validate(this.subscription, subscription)) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}
	}

	@Override
	public void onNext(Void nothing) {
		// A Mono<Void> has no elements.
	}

	@Override
	public void onError(Throwable error) {
		if (this.session.isOpen()) {
			logLimit.tryLog()
				.ifPresent((heldBack) -> logger.warn("WebSocket handler failed ({} such lines were held back)",
						heldBack, error));
		}
		close(CloseStatus.SERVER_ERROR);
	}

	@Override
	public void onComplete() {
		close(CloseStatus.NORMAL);
	}

	/** Cancels the handler if it still runs. Called when the session has ended. */
	void cancel() {
		if (this.subscription != null) {
			this.subscription.cancel();
		}
	}

	private void close(CloseStatus status) {
		this.session.onLoop(() -> this.session.shut(status));
	}

}
