package dev.switchboard.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import dev.switchboard.json.Payload;
import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

import org.springframework.web.reactive.socket.WebSocketMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OutboundSinkTests {

	private static final Frame.Push PUSH = new Frame.Push(TestIds.call(), "m", Payload.NULL);

	private final OutboundSink sink = new OutboundSink();

	/** The sizes of the messages that the transport took. */
	private final List<Integer> taken = new ArrayList<>();

	private final BaseSubscriber<WebSocketMessage> transport = new BaseSubscriber<>() {

		@Override
		protected void hookOnSubscribe(Subscription subscription) {
			// The test requests messages itself.
		}

		@Override
		protected void hookOnNext(WebSocketMessage message) {
			OutboundSinkTests.this.taken.add(message.getPayload().readableByteCount());
		}

	};

	@Test
	void shouldSendInOrderWhatTheTransportAsksFor() {
		OutboundMessage second = message(20);
		send(message(10));
		this.sink.subscribe(this.transport);
		send(second);
		assertThat(this.taken).isEmpty();
		this.transport.request(1);
		assertThat(this.taken).containsExactly(10);
		assertThat(second.isQueued()).isTrue();
		this.transport.request(2);
		send(message(1));
		assertThat(this.taken).containsExactly(10, 20, 1);
	}

	@Test
	void shouldNotRecurseIntoATransportThatAsksForOneMoreEachTime() {
		BaseSubscriber<WebSocketMessage> oneByOne = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				// The test requests messages itself.
			}

			@Override
			protected void hookOnNext(WebSocketMessage message) {
				OutboundSinkTests.this.taken.add(message.getPayload().readableByteCount());
				request(1);
			}

		};
		for (int i = 0; i < 100_000; i++) {
			send(message(0));
		}
		this.sink.subscribe(oneByOne);
		oneByOne.request(1);
		assertThat(this.taken).hasSize(100_000);
	}

	@Test
	void shouldNeverSendWhatWasWithdrawn() {
		OutboundMessage withdrawn = message(10);
		send(withdrawn);
		send(message(20));
		assertThat(this.sink.withdraw(withdrawn)).isTrue();
		this.sink.subscribe(this.transport);
		this.transport.request(2);
		assertThat(this.taken).containsExactly(20);
	}

	@Test
	void shouldNotWithdrawWhatTheTransportHas() {
		this.sink.subscribe(this.transport);
		this.transport.request(1);
		OutboundMessage sent = message(10);
		send(sent);
		assertThat(this.sink.withdraw(sent)).isFalse();
		assertThat(sent.isTaken()).isTrue();
	}

	@Test
	void shouldTakeOneMessageOfAnySizeWhenEmptyAndThenOnlyWhatFits() {
		OutboundMessage large = message(1000);
		assertThat(this.sink.send(large, 100)).isTrue();
		assertThat(this.sink.send(message(1), 100)).isFalse();
		this.sink.withdraw(large);
		assertThat(this.sink.send(message(60), 100)).isTrue();
		assertThat(this.sink.send(message(41), 100)).isFalse();
		assertThat(this.sink.send(message(40), 100)).isTrue();
	}

	@Test
	void shouldReportWhetherAMessageWasTaken() {
		Fate first = new Fate();
		Fate second = new Fate();
		this.sink.subscribe(this.transport);
		send(OutboundMessage.of(PUSH, first));
		send(OutboundMessage.of(PUSH, second));
		this.transport.request(1);
		this.sink.end();
		assertThat(first.reported).containsExactly("taken");
		assertThat(second.reported).containsExactly("dropped");
		assertThat(this.sink.send(message(1), 100)).isFalse();
	}

	@Test
	void shouldCountBytesOnlyWhileTheyWait() {
		LongAdder queued = new LongAdder();
		OutboundMessage sent = message(1);
		OutboundMessage withdrawn = message(10);
		OutboundMessage dropped = message(100);
		for (OutboundMessage each : List.of(sent, withdrawn, dropped)) {
			send(each);
			each.keep(queued.sum(), queued::add);
		}
		assertThat(queued.sum()).isEqualTo(111);
		this.sink.subscribe(this.transport);
		this.transport.request(1);
		assertThat(queued.sum()).isEqualTo(110);
		this.sink.withdraw(withdrawn);
		assertThat(queued.sum()).isEqualTo(100);
		this.sink.end();
		assertThat(queued.sum()).isZero();
	}

	@Test
	void shouldHaveOneSubscriber() {
		this.sink.subscribe(this.transport);
		assertThatIllegalStateException().isThrownBy(() -> this.sink.blockFirst());
	}

	private void send(OutboundMessage message) {
		assertThat(this.sink.send(message, Long.MAX_VALUE)).isTrue();
	}

	private static OutboundMessage message(int size) {
		return OutboundMessage.text(new byte[size]);
	}

	private static final class Fate implements OutboundMessage.Listener {

		private final List<String> reported = new ArrayList<>();

		@Override
		public void taken() {
			this.reported.add("taken");
		}

		@Override
		public void dropped() {
			this.reported.add("dropped");
		}

	}

}
