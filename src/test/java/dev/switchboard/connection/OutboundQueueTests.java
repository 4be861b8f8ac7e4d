package dev.switchboard.connection;

import java.util.concurrent.atomic.AtomicReference;

import dev.switchboard.connection.ConnectionException.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

class OutboundQueueTests {

	private final OutboundQueue queue = new OutboundQueue();

	@Test
	void shouldKeepTheOrderAndCountTheBytes() {
		OutboundMessage first = message(10);
		OutboundMessage second = message(20);
		this.queue.offer(first);
		this.queue.offer(second);
		assertThat(this.queue.bytes()).isEqualTo(30);
		assertThat(this.queue.poll()).isSameAs(first);
		assertThat(this.queue.bytes()).isEqualTo(20);
		assertThat(this.queue.poll()).isSameAs(second);
		assertThat(this.queue.poll()).isNull();
		assertThat(this.queue.bytes()).isZero();
	}

	@Test
	void shouldNeverHandOutWhatWasWithdrawn() {
		OutboundMessage withdrawn = message(10);
		OutboundMessage next = message(20);
		this.queue.offer(withdrawn);
		this.queue.offer(next);
		assertThat(this.queue.withdraw(withdrawn)).isTrue();
		assertThat(this.queue.bytes()).isEqualTo(20);
		assertThat(this.queue.poll()).isSameAs(next);
		assertThat(this.queue.isEmpty()).isTrue();
	}

	@Test
	void shouldNotWithdrawWhatTheTransportHas() {
		OutboundMessage taken = message(10);
		this.queue.offer(taken);
		this.queue.poll();
		assertThat(this.queue.withdraw(taken)).isFalse();
		assertThat(taken.isTaken()).isTrue();
	}

	@Test
	void shouldTakeOneMessageOfAnySizeWhenEmpty() {
		assertThat(this.queue.fits(1000, 100)).isTrue();
		this.queue.offer(message(60));
		assertThat(this.queue.fits(40, 100)).isTrue();
		assertThat(this.queue.fits(41, 100)).isFalse();
	}

	@Test
	void shouldTellWhoeverWaitsWhetherAMessageWasWritten() {
		AtomicReference<@Nullable Object> first = new AtomicReference<>();
		AtomicReference<@Nullable Object> second = new AtomicReference<>();
		offerAwaited(first);
		offerAwaited(second);
		this.queue.poll();
		this.queue.clear();
		assertThat(first.get()).isEqualTo("written");
		assertThat(second.get()).isEqualTo(Reason.GONE);
	}

	private void offerAwaited(AtomicReference<@Nullable Object> fate) {
		Mono.<Void>create((written) -> this.queue.offer(OutboundMessage.text(new byte[1], written))).subscribe((_) -> {
		}, (error) -> fate.set(((ConnectionException) error).reason()), () -> fate.set("written"));
	}

	private static OutboundMessage message(int size) {
		return OutboundMessage.text(new byte[size]);
	}

}
