package dev.switchboard.handshake;

import java.nio.charset.StandardCharsets;

import dev.switchboard.quota.BudgetKind;
import dev.switchboard.quota.ByteBudget;
import dev.switchboard.time.Chance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeBytesTests {

	/** A fifth of it is room for two channels and 6,808 bytes. */
	private final ByteBudget budget = new ByteBudget(75_000, 75_000);

	/** Its first fraction is 0.91, which makes ten seconds of the time to come again. */
	private final HandshakeBytes bytes = new HandshakeBytes(this.budget, Chance.seeded(23));

	private EmbeddedChannel open(int bytes) {
		EmbeddedChannel channel = new EmbeddedChannel(this.bytes.handler());
		channel.writeInbound(Unpooled.buffer().writeZero(bytes));
		return channel;
	}

	private long held() {
		return this.budget.held(BudgetKind.HANDSHAKES);
	}

	@Test
	void shouldCountAHandshakeUntilItIsComplete() {
		EmbeddedChannel channel = open(500);
		assertThat(held()).isEqualTo(4096 + 500);
		channel.pipeline().removeFirst();
		assertThat(held()).isZero();
	}

	@Test
	void shouldCountAHandshakeUntilItsChannelCloses() {
		EmbeddedChannel channel = open(500);
		channel.close();
		channel.runPendingTasks();
		assertThat(held()).isZero();
	}

	@Test
	void shouldRefuseTheOldestHandshakeWhenThereAreTooManyBytes() {
		EmbeddedChannel oldest = open(5000);
		EmbeddedChannel newest = open(5000);
		assertThat(oldest.isOpen()).isFalse();
		assertThat(newest.isOpen()).isTrue();
		assertThat(held()).isEqualTo(4096 + 5000);
		assertThat(this.bytes.refused()).isOne();
		ByteBuf answer = oldest.readOutbound();
		assertThat(answer.toString(StandardCharsets.UTF_8)).startsWith("HTTP/1.1 503 ")
			.contains("Retry-After: 10", "\"status\":503");
		answer.release();
	}

	@Test
	void shouldKeepHandshakesThatFit() {
		EmbeddedChannel first = open(3000);
		EmbeddedChannel second = open(3000);
		assertThat(first.isOpen()).isTrue();
		assertThat(second.isOpen()).isTrue();
	}

}
