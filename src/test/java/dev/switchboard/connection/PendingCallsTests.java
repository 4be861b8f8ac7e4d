package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.ConnectionException.Reason;
import dev.switchboard.json.Payload;
import dev.switchboard.loop.TimerWheel;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/** Every method runs on the event loop, as all use of the class must. */
class PendingCallsTests {

	private static final CallId FIRST = TestIds.call();

	private static final CallId SECOND = TestIds.call();

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final FakeChannel channel = new FakeChannel();

	private final EventLoopContext context = new EventLoopContext(this.loop,
			new TimerWheel(this.loop, TimeSource.SYSTEM, (_) -> {
			}), new ConnectionLimits(2, 1000, 1000, 1),
			new ConnectionMetrics(new SimpleMeterRegistry(), new ConnectionRegistry()), (_, _) -> {
			}, (_) -> {
			}, Ownership.ALONE, new FaultLog(TimeSource.SYSTEM), new Holdings(this.loop, ByteBudget.unlimited()),
			TestRates.unlimited(), TimeSource.SYSTEM, Chance.SYSTEM);

	private final PendingCalls calls = new PendingCalls(this.channel, this.context);

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldSendACallOnceItsWaiterRequestsTheAnswer() {
		run(() -> {
			Waiter waiter = begin(FIRST);
			assertThat(this.channel.sent).isEmpty();
			waiter.request(1);
			waiter.request(1);
			assertThat(this.channel.sent).hasSize(1);
			this.calls.receive(new Frame.Result(FIRST, Payload.NULL));
			assertThat(waiter.signals).containsExactly(new Answer.Completed(Payload.NULL), "complete");
			assertThat(this.calls.size()).isZero();
		});
	}

	@Test
	void shouldNeverSendACallWhoseWaiterCancelsBeforeItRequests() {
		run(() -> {
			Waiter waiter = begin(FIRST);
			waiter.cancel();
			this.calls.send(waiter.call());
			assertThat(this.channel.sent).isEmpty();
			assertThat(this.calls.size()).isZero();
		});
	}

	@Test
	void shouldFailACallThatCannotBeSentWithItsOwnReason() {
		run(() -> {
			this.channel.full = true;
			Waiter waiter = begin(FIRST);
			waiter.request(1);
			assertThat(waiter.signals).containsExactly(Reason.TOO_SLOW);
		});
	}

	@Test
	void shouldRefuseMoreCallsThanMayBeInFlight() {
		run(() -> {
			begin(FIRST);
			begin(SECOND);
			assertThat(begin(TestIds.call()).signals).containsExactly(Reason.TOO_MANY_IN_FLIGHT);
		});
	}

	@Test
	void shouldEndACallOnceThoughItsCancelEndsTheConnection() {
		run(() -> {
			Waiter waiter = begin(FIRST);
			waiter.request(1);
			this.channel.whenSent = () -> this.calls.endAll(null);
			this.calls.expire(waiter.call());
			assertThat(waiter.signals).containsExactly(Reason.DEADLINE);
		});
	}

	@Test
	void shouldRunTheActionOnceTheLastCallHasEnded() {
		run(() -> {
			List<String> done = new ArrayList<>();
			begin(FIRST).request(1);
			Waiter last = begin(SECOND);
			this.calls.onceEmpty(() -> done.add("empty"));
			this.calls.receive(new Frame.Error(FIRST, "busy", "", null));
			assertThat(done).isEmpty();
			last.cancel();
			assertThat(done).containsExactly("empty");
		});
	}

	@Test
	void shouldRunTheActionAtOnceIfNoCallWaits() {
		run(() -> {
			List<String> done = new ArrayList<>();
			this.calls.onceEmpty(() -> done.add("empty"));
			this.calls.endAll(null);
			assertThat(done).containsExactly("empty");
		});
	}

	private void run(Runnable test) {
		this.loop.submit(test).syncUninterruptibly();
	}

	private Waiter begin(CallId id) {
		Waiter waiter = new Waiter();
		this.calls.begin(new Frame.Call(id, "echo", 60_000, null, Payload.NULL), ChunkReceiver.DROP, waiter,
				System.nanoTime());
		return waiter;
	}

	/** A connection that takes every message at once, until it is full. */
	private static final class FakeChannel implements CallChannel {

		private final List<OutboundMessage> sent = new ArrayList<>();

		private boolean full;

		private Runnable whenSent = () -> {
		};

		@Override
		public @Nullable Reason refuse(OutboundMessage message) {
			return null;
		}

		@Override
		public boolean send(OutboundMessage message) {
			if (!this.full) {
				this.sent.add(message);
				message.take();
			}
			this.whenSent.run();
			return !this.full;
		}

		@Override
		public void checkOwner(Runnable then) {
			then.run();
		}

		@Override
		public boolean withdraw(OutboundMessage message) {
			return !message.isTaken();
		}

	}

	private static final class Waiter extends BaseSubscriber<Answer> {

		private final List<Object> signals = new ArrayList<>();

		private @Nullable Subscription call;

		PendingCall call() {
			return (PendingCall) Objects.requireNonNull(this.call);
		}

		/** Requests nothing; the test does that. */
		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			this.call = subscription;
		}

		@Override
		protected void hookOnNext(Answer answer) {
			this.signals.add(answer);
		}

		@Override
		protected void hookOnComplete() {
			this.signals.add("complete");
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.signals.add(((ConnectionException) failure).reason());
		}

	}

}
