package dev.switchboard.transport;

import dev.switchboard.loop.OnLoop;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;

/**
 * The state that both directions of a session share: its wire, and whether it is open,
 * closing or ended. The state belongs to the event loop; {@link #isOpen} and
 * {@link #onLoop} may be called from any thread.
 */
abstract class SessionState extends SessionFacade {

	final SessionContext context;

	private Wire wire;

	/** The closing of the session; null while the session is open. */
	private volatile @Nullable Closing closing;

	/**
	 * Emits the close status. Exists only if the status was asked for before it was
	 * known.
	 */
	private Sinks.@Nullable One<CloseStatus> closeStatus;

	SessionState(Wire wire, HandshakeInfo handshake, SessionContext context) {
		super(handshake);
		this.wire = wire;
		this.context = context;
	}

	/** Replaces the wire. Nothing may have been written yet. */
	final void moveTo(Wire wire) {
		this.wire = wire;
	}

	final Wire wire() {
		return this.wire;
	}

	@Override
	public final EventLoop eventLoop() {
		return this.wire.eventLoop();
	}

	/** Runs a task on the event loop, as {@link OnLoop#run} does. */
	final void onLoop(Runnable task) {
		OnLoop.run(eventLoop(), task);
	}

	@Override
	public final boolean isOpen() {
		return this.closing == null;
	}

	/** Whether the socket is closed. */
	final boolean isEnded() {
		Closing closing = this.closing;
		return closing != null && closing.isEnded();
	}

	/** Returns the closing of the session; null while the session is open. */
	final @Nullable Closing closing() {
		return this.closing;
	}

	/** Ends the open state and publishes the close status. */
	final Closing beginClosing(CloseStatus status) {
		Closing closing = new Closing(status, this.wire, this.context.settings());
		this.closing = closing;
		stopSending();
		if (this.closeStatus != null) {
			this.closeStatus.tryEmitValue(status).orThrow();
		}
		return closing;
	}

	@Override
	public final Mono<CloseStatus> closeStatus() {
		return Mono.fromDirect((subscriber) -> onLoop(() -> knownStatus().subscribe(subscriber)));
	}

	private Mono<CloseStatus> knownStatus() {
		Closing closing = this.closing;
		if (closing != null) {
			return Mono.just(closing.status());
		}
		if (this.closeStatus == null) {
			this.closeStatus = Sinks.one();
		}
		return this.closeStatus.asMono();
	}

	/** Stops the sending of messages. Only the Close frame may be sent afterwards. */
	abstract void stopSending();

}
