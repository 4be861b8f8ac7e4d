package dev.switchboard.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import dev.switchboard.transport.EventLoopSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.HandshakeInfo;
import org.springframework.web.reactive.socket.WebSocketMessage;

/** A session without a socket, whose peer takes as many messages as the test lets it. */
public final class ScriptedSession implements EventLoopSession {

	private final EventExecutor loop;

	private final List<String> written = new CopyOnWriteArrayList<>();

	private final BaseSubscriber<WebSocketMessage> peer = new BaseSubscriber<>() {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			// The test requests messages itself.
		}

		@Override
		protected void hookOnNext(WebSocketMessage message) {
			boolean isPing = message.getType() == WebSocketMessage.Type.PING;
			String text = message.getPayload().toString(isPing ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
			ScriptedSession.this.written.add(isPing ? "ping" + text : text);
		}

	};

	volatile long lastHeardNanos = System.nanoTime();

	final List<Long> pauses = new CopyOnWriteArrayList<>();

	volatile @Nullable CloseStatus closed;

	/** Whether its connections surely hold their agents. */
	public volatile boolean sure = true;

	private final Ownership ownership = new Ownership() {

		@Override
		public boolean isSure(long now) {
			return ScriptedSession.this.sure;
		}

		@Override
		public Mono<Void> check(AgentConnection connection) {
			return Mono.empty();
		}

	};

	private final EventLoopContext context;

	public ScriptedSession(EventExecutor loop) {
		this.loop = loop;
		TimerWheel wheel = new TimerWheel(this.loop, TimeSource.SYSTEM, (_) -> {
		});
		this.context = new EventLoopContext(this.loop, wheel,
				new ConnectionLimits(3, 1000, 600, TimeUnit.SECONDS.toNanos(30)),
				new ConnectionMetrics(new SimpleMeterRegistry(), new ConnectionRegistry()), (_, _) -> {
				}, (_) -> {
				}, this.ownership, new FaultLog(TimeSource.SYSTEM), new Holdings(this.loop, ByteBudget.unlimited()),
				TestRates.unlimited(), TimeSource.SYSTEM, Chance.SYSTEM);
	}

	/** A connection of an agent by this session. Those of one session share a node. */
	public AgentConnection connection(AgentId agent, long epoch) {
		return new AgentConnection(new AgentCredentials(agent, null), epoch, null, this, this.context);
	}

	/** As {@link #connection}; the connection runs, and sends what the peer takes. */
	public AgentConnection open(AgentId agent, long epoch) {
		return open(new AgentCredentials(agent, null), epoch);
	}

	/** A connection with these credentials, which runs. */
	public AgentConnection open(AgentCredentials credentials, long epoch) {
		AgentConnection connection = new AgentConnection(credentials, epoch, null, this, this.context);
		this.loop.submit(() -> connection.run().subscribe()).syncUninterruptibly();
		return connection;
	}

	/** Makes the peer's last sign as old as this. */
	void quietFor(Duration silence) {
		this.lastHeardNanos = System.nanoTime() - silence.toNanos();
	}

	/** Lets the agent of a connection send a frame, and waits until it has been read. */
	public void receive(AgentConnection connection, Frame.FromAgent frame) {
		this.loop.submit(() -> connection.receive(frame)).syncUninterruptibly();
	}

	/** Lets the peer take this many messages more. */
	public void take(long messages) {
		this.loop.submit(() -> this.peer.request(messages)).syncUninterruptibly();
	}

	/** The messages that the peer has taken, once the loop has run all earlier tasks. */
	public List<String> written() {
		this.loop.submit(() -> {
		}).syncUninterruptibly();
		return this.written;
	}

	/** How it was closed, once the loop has run all earlier tasks; null if it is open. */
	public @Nullable CloseStatus closed() {
		// A close takes one more turn of the loop.
		for (int turn = 0; turn < 3; turn++) {
			written();
		}
		return this.closed;
	}

	@Override
	public EventExecutor eventLoop() {
		return this.loop;
	}

	@Override
	public long lastHeardNanos() {
		return this.lastHeardNanos;
	}

	@Override
	public void pause(long nanos) {
		this.pauses.add(nanos);
	}

	@Override
	public Mono<Void> send(Publisher<WebSocketMessage> messages) {
		messages.subscribe(this.peer);
		return Mono.never();
	}

	@Override
	public Mono<Void> close(CloseStatus status) {
		return Mono.fromRunnable(() -> this.closed = status);
	}

	@Override
	public Mono<CloseStatus> closeStatus() {
		return Mono.justOrEmpty(this.closed);
	}

	@Override
	public boolean isOpen() {
		return this.closed == null;
	}

	@Override
	public String getId() {
		return "scripted";
	}

	@Override
	public HandshakeInfo getHandshakeInfo() {
		throw new UnsupportedOperationException("no handshake was made");
	}

	@Override
	public DataBufferFactory bufferFactory() {
		return DefaultDataBufferFactory.sharedInstance;
	}

	@Override
	public Map<String, Object> getAttributes() {
		return new HashMap<>();
	}

	@Override
	public Flux<WebSocketMessage> receive() {
		return Flux.never();
	}

	@Override
	public WebSocketMessage textMessage(String payload) {
		return message(WebSocketMessage.Type.TEXT, (buffers) -> buffers.wrap(payload.getBytes(StandardCharsets.UTF_8)));
	}

	@Override
	public WebSocketMessage binaryMessage(Function<DataBufferFactory, DataBuffer> payload) {
		return message(WebSocketMessage.Type.BINARY, payload);
	}

	@Override
	public WebSocketMessage pingMessage(Function<DataBufferFactory, DataBuffer> payload) {
		return message(WebSocketMessage.Type.PING, payload);
	}

	@Override
	public WebSocketMessage pongMessage(Function<DataBufferFactory, DataBuffer> payload) {
		return message(WebSocketMessage.Type.PONG, payload);
	}

	private WebSocketMessage message(WebSocketMessage.Type type, Function<DataBufferFactory, DataBuffer> payload) {
		return new WebSocketMessage(type, payload.apply(bufferFactory()));
	}

}
