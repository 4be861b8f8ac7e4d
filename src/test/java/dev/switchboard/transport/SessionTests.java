package dev.switchboard.transport;

import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.web.reactive.socket.CloseStatus;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;

import static dev.switchboard.transport.ClientFrames.FINAL;
import static dev.switchboard.transport.ClientFrames.frame;
import static dev.switchboard.transport.ClientFrames.header;
import static dev.switchboard.transport.ClientFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** Tests for {@link EventLoopSession}s of every kind, over real sockets. */
@ParameterizedClass
@EnumSource(WebSocketServer.Kind.class)
class SessionTests {

	private static final TransportSettings SETTINGS = new TransportSettings(1 << 20);

	private final WebSocketServer.Kind kind;

	private final List<AutoCloseable> opened = new ArrayList<>();

	SessionTests(WebSocketServer.Kind kind) {
		this.kind = kind;
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.opened.reversed()) {
			each.close();
		}
	}

	@Test
	void shouldEchoMessages() throws Exception {
		TestClient client = connect(serve(SessionTests::echo));
		byte[] large = new byte[1 << 20];
		ThreadLocalRandom.current().nextBytes(large);
		client.send(text("hello")).send(text("")).send(frame(Opcode.BINARY, large)).send(text("w\u00F6rld"));
		assertThat(client.readText()).isEqualTo("hello");
		assertThat(client.readText()).isEmpty();
		assertThat(client.read().payload()).isEqualTo(large);
		assertThat(client.readText()).isEqualTo("w\u00F6rld");
	}

	@Test
	void shouldHandOnBytesThatCameWithTheUpgradeRequest() throws Exception {
		WebSocketServer server = serve(SessionTests::echo);
		TestClient client = open(server.open());
		client.send(new ClientFrames().raw(ClientFrames.utf8(TestClient.UPGRADE))
			.raw(text("early"))
			.raw(text("bird"))
			.bytes());
		assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
		assertThat(client.readText()).isEqualTo("early");
		assertThat(client.readText()).isEqualTo("bird");
	}

	@Test
	void shouldEchoThePeersCloseAndEndTheSocket() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server).send(ClientFrames.close(4321, "bye"));
		assertThat(client.readClose()).isEqualTo(4321);
		assertThat(client.isAtEnd()).isTrue();
		assertThat(server.session().closeStatus().block()).isEqualTo(new CloseStatus(4321, "bye"));
		ends.awaitCompletion();
	}

	@Test
	void shouldEchoACloseWithoutStatus() throws Exception {
		WebSocketServer server = serve(SessionTests::echo);
		TestClient client = connect(server).send(frame(Opcode.CLOSE, new byte[0]));
		assertThat(client.readClose()).isZero();
		assertThat(client.isAtEnd()).isTrue();
		assertThat(server.session().closeStatus().block()).isEqualTo(CloseStatus.NO_STATUS_CODE);
	}

	@Test
	void shouldCloseFromAnyThreadAfterWhatWasSent() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session
			.send(Flux.range(0, 100).map((i) -> session.textMessage("" + i)).concatWith(Flux.never()))));
		TestClient client = connect(server);
		assertThat(client.readText()).isEqualTo("0");
		EventLoopSession session = server.session();
		session.close(new CloseStatus(4000, "rebalance")).block();
		session.close(CloseStatus.NORMAL).block();
		for (int i = 1; i < 100; i++) {
			assertThat(client.readText()).isEqualTo("" + i);
		}
		assertThat(client.readClose()).isEqualTo(4000);
		assertThat(session.isOpen()).isFalse();
		client.send(ClientFrames.close(4000, ""));
		assertThat(client.isAtEnd()).isTrue();
		assertThat(session.closeStatus().block()).isEqualTo(new CloseStatus(4000, "rebalance"));
		ends.awaitCompletion();
	}

	@Test
	void shouldCloseNormallyWhenThePublisherCompletes() throws Exception {
		WebSocketServer server = serve((session) -> session.send(Flux.just(session.textMessage("only"))));
		TestClient client = connect(server);
		assertThat(client.readText()).isEqualTo("only");
		assertThat(client.readClose()).isEqualTo(1000);
	}

	@Test
	void shouldCloseWithServerErrorWhenTheHandlerFails() throws Exception {
		WebSocketServer server = serve((session) -> Mono.error(new IllegalStateException("expected by the test")));
		assertThat(connect(server).readClose()).isEqualTo(1011);
		server = serve((session) -> {
			throw new IllegalStateException("expected by the test");
		});
		assertThat(connect(server).readClose()).isEqualTo(1011);
		server = serve((session) -> session.send(Flux.error(new IllegalStateException("expected by the test"))));
		assertThat(connect(server).readClose()).isEqualTo(1011);
	}

	@Test
	void shouldNeverSendAReservedCode() throws Exception {
		WebSocketServer server = serve((session) -> session.close(CloseStatus.NO_CLOSE_FRAME).then(Mono.never()));
		assertThat(connect(server).readClose()).isZero();
	}

	@Test
	void shouldTellTooBigToAPeerThatIsStillWriting() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server);
		client.send(header(FINAL | Opcode.TEXT, 8 << 20));
		byte[] masked = new byte[64 << 10];
		for (int i = 0; i < 128; i++) {
			client.send(masked);
		}
		assertThat(client.readClose()).isEqualTo(1009);
		client.send(ClientFrames.close(1009, ""));
		assertThat(client.isAtEnd()).isTrue();
		FrameViolationException violation = ends.awaitViolation();
		assertThat(violation.status().getCode()).isEqualTo(1009);
	}

	@Test
	void shouldGoOnAfterAMessageThatIsTooLongWhereItMayBeSkipped() throws Exception {
		List<WebSocketMessage> received = new CopyOnWriteArrayList<>();
		MessageBounds bounds = new MessageBounds(1000, 1 << 20, 10, Duration.ofSeconds(30), 4503);
		WebSocketServer server = serve(new TransportSettings(bounds), (session) -> {
			session.receive().subscribe(received::add);
			return session.send(Flux.never());
		});
		TestClient client = connect(server).send(text("x".repeat(500_000))).send(text("after"));
		await().until(() -> received.size() == 2);
		assertThat(received.getFirst()).isInstanceOfSatisfying(OverlongText.class,
				(text) -> assertThat(text.head()).isEqualTo(ClientFrames.utf8("x".repeat(256))));
		assertThat(received.getLast().getPayloadAsText()).isEqualTo("after");
		ClientFrames fragments = new ClientFrames().add(Opcode.TEXT, "");
		for (int i = 0; i < 10; i++) {
			fragments.add(Opcode.CONTINUATION, "");
		}
		assertThat(client.send(fragments.bytes()).readClose()).isEqualTo(4503);
	}

	@Test
	void shouldTellTheViolationAndEndWhenThePeerEnds() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server).send(header(FINAL | 0x40 | Opcode.TEXT, 1000)).send(new byte[500]);
		assertThat(client.readClose()).isEqualTo(1002);
		client.socket.shutdownOutput();
		assertThat(client.isAtEnd()).isTrue();
		assertThat(ends.awaitViolation().status().getCode()).isEqualTo(1002);
	}

	@Test
	void shouldEndTheSocketWhenThePeersCloseIsInvalid() throws Exception {
		TestClient client = connect(serve(SessionTests::echo)).send(ClientFrames.close(1005, ""));
		assertThat(client.readClose()).isEqualTo(1002);
		assertThat(client.isAtEnd()).isTrue();
	}

	@Test
	void shouldNotWaitForeverForThePeersClose() throws Exception {
		TransportSettings settings = new TransportSettings(MessageBounds.ofBytes(1024), Duration.ofMillis(100), 1 << 20,
				1024, 2048, true);
		WebSocketServer server = serve(settings, (session) -> session.close().then(Mono.never()));
		TestClient client = connect(server);
		assertThat(client.readClose()).isEqualTo(1000);
		assertThat(client.isAtEnd()).isTrue();
	}

	@Test
	void shouldNotReadForeverFromAPeerThatDoesNotClose() throws Exception {
		TransportSettings settings = new TransportSettings(MessageBounds.ofBytes(1024), Duration.ofMinutes(1), 1 << 20,
				1024, 2048, true);
		WebSocketServer server = serve(settings, (session) -> session.close().then(Mono.never()));
		TestClient client = connect(server);
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			for (int i = 0; i < 10_000; i++) {
				client.send(text("x".repeat(1000)));
			}
		});
	}

	@Test
	void shouldCloseAPeerThatDoesNotReadHard() throws Exception {
		Ends ends = new Ends();
		Flood flood = new Flood();
		// More is unsent than the kernel could still take while the session closes.
		TransportSettings settings = new TransportSettings(MessageBounds.ofBytes(1024), Duration.ofMillis(100), 1 << 20,
				4 << 20, 8 << 20, true);
		WebSocketServer server = serve(settings, ends.around((session) -> session.send(flood.messages(session))));
		connect(server);
		EventLoopSession session = server.session();
		flood.awaitFullSocket(session);
		session.close(CloseStatus.GOING_AWAY).block();
		assertThat(ends.sent).failsWithin(Duration.ofSeconds(10));
		assertThat(ends.receive).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void shouldLeaveMessagesWithThePublisherWhileThePeerDoesNotRead() throws Exception {
		Flood flood = new Flood();
		WebSocketServer server = serve((session) -> session.send(flood.messages(session)));
		TestClient client = connect(server);
		flood.awaitFullSocket(server.session());
		assertThat(flood.taken.get()).isLessThan(Flood.MESSAGES);
		for (int i = 0; i < Flood.MESSAGES; i++) {
			assertThat(client.readText()).startsWith(i + ":");
		}
		assertThat(client.readClose()).isEqualTo(1000);
	}

	@Test
	void shouldDeliverNoMoreThanIsAskedFor() throws Exception {
		List<String> received = new CopyOnWriteArrayList<>();
		BaseSubscriber<WebSocketMessage> receiver = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				// Nothing yet.
			}

			@Override
			protected void hookOnNext(WebSocketMessage message) {
				received.add(message.getPayloadAsText());
			}

		};
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe(receiver);
			return session.send(Flux.just(session.textMessage("ready")).concatWith(Flux.never()));
		});
		TestClient client = connect(server);
		assertThat(client.readText()).isEqualTo("ready");
		client.send(new ClientFrames().raw(text("1")).raw(text("2")).bytes()).send(text("3"));
		receiver.request(1);
		await().until(() -> received.size() == 1);
		receiver.request(1);
		await().until(() -> received.size() == 2);
		client.send(text("4")).send(ClientFrames.close(1000, ""));
		client.socket.shutdownOutput();
		await().during(Duration.ofMillis(100)).until(() -> received.size() == 2);
		receiver.request(Long.MAX_VALUE);
		assertThat(client.readClose()).isEqualTo(1000);
		await().until(receiver::isDisposed);
		assertThat(received).containsExactly("1", "2", "3", "4");
	}

	@Test
	void shouldDeliverOnlyTextThatIsUtf8() throws Exception {
		List<WebSocketMessage> received = new CopyOnWriteArrayList<>();
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe(received::add);
			return session.send(Flux.never());
		});
		byte[] cut = Arrays.copyOf(ClientFrames.utf8("cut \u20AC"), 6);
		TestClient client = connect(server).send(text("w\u00F6rld")).send(frame(Opcode.TEXT, cut));
		assertThat(client.readClose()).isEqualTo(1007);
		assertThat(received).singleElement()
			.isInstanceOfSatisfying(InboundText.class,
					(text) -> assertThat(text.utf8()).isEqualTo(ClientFrames.utf8("w\u00F6rld")));
	}

	@Test
	void shouldShareTheReceivedArrayWithTheFramesPayload() throws Exception {
		CompletableFuture<WebSocketMessage> received = new CompletableFuture<>();
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe(received::complete);
			return session.send(Flux.never());
		});
		connect(server).send(text("{\"type\":\"event\",\"id\":\"1\",\"subject\":\"s\",\"payload\":[1]}"));
		byte[] array = ((InboundText) received.get(10, TimeUnit.SECONDS)).utf8();
		assertThat(FrameCodec.decodeUtf8FromAgent(array)).isInstanceOfSatisfying(Frame.Event.class,
				(event) -> assertThat(event.payload().bytes()).isSameAs(array));
	}

	@Test
	void shouldAnswerPings() throws Exception {
		TestClient client = connect(serve(SessionTests::echo));
		client.send(frame(Opcode.PING, ClientFrames.utf8("are you there?")));
		RawMessage pong = client.read();
		assertThat(pong.opcode()).isEqualTo(Opcode.PONG);
		assertThat(pong.payload()).isEqualTo(ClientFrames.utf8("are you there?"));
	}

	@Test
	void shouldSendPingsAndDeliverPongs() throws Exception {
		CompletableFuture<WebSocketMessage> received = new CompletableFuture<>();
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe(received::complete);
			return session.send(Flux.just(session.pingMessage((factory) -> factory.wrap(new byte[] { 42 })))
				.concatWith(Flux.never()));
		});
		TestClient client = connect(server);
		RawMessage ping = client.read();
		assertThat(ping.opcode()).isEqualTo(Opcode.PING);
		client.send(frame(Opcode.PONG, ping.payload()));
		assertThat(received).succeedsWithin(Duration.ofSeconds(10))
			.returns(WebSocketMessage.Type.PONG, WebSocketMessage::getType)
			.returns((byte) 42, (message) -> message.getPayload().read());
	}

	@Test
	void shouldAnswerTheLastOfManyPingsWhenThePeerDoesNotRead() throws Exception {
		CompletableFuture<Boolean> done = new CompletableFuture<>();
		Flood flood = new Flood();
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe((message) -> done.complete(true));
			return session.send(flood.messages(session));
		});
		TestClient client = connect(server);
		flood.awaitFullSocket(server.session());
		ClientFrames pings = new ClientFrames();
		for (int i = 0; i < 10_000; i++) {
			pings.add(FINAL | Opcode.PING, "" + i);
		}
		client.send(pings.bytes()).send(text("done"));
		assertThat(done).succeedsWithin(Duration.ofSeconds(10));
		List<String> pongs = new ArrayList<>();
		for (RawMessage frame = client.read(); frame.opcode() != Opcode.CLOSE; frame = client.read()) {
			if (frame.opcode() == Opcode.PONG) {
				pongs.add(new String(frame.payload(), StandardCharsets.UTF_8));
			}
		}
		assertThat(pongs).hasSizeLessThan(100).endsWith("9999");
	}

	@Test
	void shouldNoteWhenThePeerWasLastHeard() throws Exception {
		WebSocketServer server = serve(SessionTests::echo);
		TestClient client = connect(server);
		EventLoopSession session = server.session();
		long before = session.lastHeardNanos();
		client.send(frame(Opcode.PONG, new byte[0]));
		await().until(() -> session.lastHeardNanos() - before > 0);
	}

	@Test
	void shouldEndWith1006WhenThePeerEndsWithoutAClose() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server).send(text("last words"));
		client.socket.shutdownOutput();
		assertThat(client.isAtEnd()).isTrue();
		assertThat(server.session().closeStatus().block()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		ends.awaitCompletion();
		assertThat(ends.received).containsExactly("last words");
	}

	@Test
	void shouldEndWith1006WhenThePeerResets() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server);
		client.socket.setSoLinger(true, 0);
		client.close();
		assertThat(server.session().closeStatus().block()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
		await().until(() -> ends.sent.isDone() && ends.receive.isDone());
	}

	@Test
	void shouldCancelAHandlerThatDoesNotNoticeTheEnd() throws Exception {
		CompletableFuture<Boolean> cancelled = new CompletableFuture<>();
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe();
			return Mono.<Void>never().doOnCancel(() -> cancelled.complete(true));
		});
		connect(server).close();
		assertThat(cancelled).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void shouldEndWithTheEventLoop() throws Exception {
		Ends ends = new Ends();
		WebSocketServer server = serve(ends.around((session) -> session.send(Flux.never())));
		TestClient client = connect(server);
		server.session();
		server.close(Duration.ofMillis(100));
		assertThat(client.isAtEnd()).isTrue();
		ends.awaitCompletion();
	}

	@Test
	void shouldEndWhenTheSubscriberThrows() throws Exception {
		CoreSubscriber<WebSocketMessage> broken = new CoreSubscriber<>() {

			@Override
			public void onSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			public void onNext(WebSocketMessage message) {
				throw new IllegalStateException("expected by the test");
			}

			@Override
			public void onError(Throwable error) {
				// Nor does it expect one.
			}

			@Override
			public void onComplete() {
				// Nor this.
			}

		};
		WebSocketServer server = serve((session) -> {
			session.receive().subscribe(broken);
			return session.send(Flux.never());
		});
		TestClient client = connect(server).send(text("hello"));
		assertThat(client.isAtEnd()).isTrue();
		assertThat(server.session().closeStatus().block()).isEqualTo(CloseStatus.NO_CLOSE_FRAME);
	}

	@Test
	void shouldOutliveTheTimeoutsOfTheRequest() throws Exception {
		Duration timeout = Duration.ofMillis(500);
		WebSocketServer server = open(new WebSocketServer(this.kind, SETTINGS, SessionTests::echo,
				(http) -> http.requestTimeout(timeout).readTimeout(timeout).idleTimeout(timeout),
				(exchange, chain) -> chain.filter(exchange)));
		TestClient client = connect(server);
		EventLoopSession session = server.session();
		await().during(timeout.plus(timeout)).until(session::isOpen);
		assertThat(client.send(text("still here")).readText()).isEqualTo("still here");
	}

	@Test
	void shouldTakeOverFromAnotherThread() throws Exception {
		WebSocketServer server = open(
				new WebSocketServer(this.kind, SETTINGS, SessionTests::echo, UnaryOperator.identity(),
						(exchange, chain) -> chain.filter(exchange).subscribeOn(Schedulers.parallel())));
		TestClient client = connect(server);
		assertThat(client.send(text("hello")).readText()).isEqualTo("hello");
	}

	@Test
	void shouldReleasePooledPayloads() throws Exception {
		NettyDataBufferFactory pooled = new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT);
		NettyDataBuffer payload = pooled.allocateBuffer(16);
		payload.write("pooled", StandardCharsets.UTF_8);
		WebSocketServer server = serve(
				(session) -> session.send(Flux.just(new WebSocketMessage(WebSocketMessage.Type.TEXT, payload))));
		assertThat(connect(server).readText()).isEqualTo("pooled");
		assertThat(payload.getNativeBuffer().refCnt()).isZero();
	}

	@Test
	void shouldDropTheHandshakeOnceTheHandlerRuns() throws Exception {
		CompletableFuture<String> path = new CompletableFuture<>();
		WebSocketServer server = serve((session) -> {
			path.complete(session.getHandshakeInfo().getUri().getPath());
			return session.send(Flux.just(session.textMessage("ready")).concatWith(Flux.never()));
		});
		TestClient client = connect(server);
		assertThat(client.readText()).isEqualTo("ready");
		assertThat(path).isCompletedWithValue("/socket");
		assertThatIllegalStateException().isThrownBy(server.session()::getHandshakeInfo);
	}

	private WebSocketServer serve(WebSocketHandler handler) {
		return serve(SETTINGS, handler);
	}

	private WebSocketServer serve(TransportSettings settings, WebSocketHandler handler) {
		return open(new WebSocketServer(this.kind, settings, handler));
	}

	private TestClient connect(WebSocketServer server) throws Exception {
		return open(server.connect());
	}

	private <T extends AutoCloseable> T open(T resource) {
		this.opened.add(resource);
		return resource;
	}

	private static Mono<Void> echo(WebSocketSession session) {
		return session.send(session.receive());
	}

	/** More messages than any buffer between two sockets takes. */
	private static final class Flood {

		static final int MESSAGES = 10_000;

		final AtomicInteger taken = new AtomicInteger();

		Flux<WebSocketMessage> messages(WebSocketSession session) {
			return Flux.range(0, MESSAGES)
				.doOnNext((i) -> this.taken.incrementAndGet())
				.map((i) -> session.textMessage(i + ":" + "x".repeat(10_000)));
		}

		/** Waits until the kernel takes no more for a peer that does not read. */
		void awaitFullSocket(EventLoopSession session) {
			// The second look comes after a flush that the first one preceded. The kernel
			// may still move bytes to the peer's buffer, and then take some more.
			await().during(Duration.ofMillis(200)).until(() -> isFullTwice(session));
		}

		private static boolean isFullTwice(EventLoopSession session) throws Exception {
			boolean first = isFull(session);
			return isFull(session) && first;
		}

		private static boolean isFull(EventLoopSession session) throws Exception {
			Wire wire = ((LeanSession) session).wire();
			return session.eventLoop().submit(() -> !wire.isWritable()).get();
		}

	}

	/** The ends of a handler's two streams, and the messages before them. */
	private static final class Ends {

		private final CompletableFuture<Void> receive = new CompletableFuture<>();

		private final CompletableFuture<Void> sent = new CompletableFuture<>();

		private final List<String> received = new CopyOnWriteArrayList<>();

		WebSocketHandler around(Function<WebSocketSession, Mono<Void>> send) {
			return (session) -> {
				session.receive()
					.subscribe((message) -> this.received.add(message.getPayloadAsText()),
							this.receive::completeExceptionally, () -> this.receive.complete(null));
				return send.apply(session).doOnError(this.sent::completeExceptionally).doOnSuccess(this.sent::complete);
			};
		}

		void awaitCompletion() {
			assertThat(this.receive).succeedsWithin(Duration.ofSeconds(10));
			assertThat(this.sent).succeedsWithin(Duration.ofSeconds(10));
		}

		FrameViolationException awaitViolation() {
			await().until(this.receive::isDone);
			return (FrameViolationException) this.receive.exceptionNow();
		}

	}

}
