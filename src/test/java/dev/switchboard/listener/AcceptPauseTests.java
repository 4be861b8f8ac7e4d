package dev.switchboard.listener;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AcceptPauseTests {

	private final AtomicLong lowestFree = new AtomicLong();

	private final AtomicInteger paused = new AtomicInteger();

	private final EpollSocketChannel accepted = new EpollSocketChannel();

	private final EmbeddedChannel listening = new EmbeddedChannel();

	AcceptPauseTests() {
		this.listening.freezeTime();
	}

	@AfterEach
	void close() {
		this.accepted.unsafe().closeForcibly();
		this.listening.close();
	}

	@Test
	void shouldAcceptBelowTheMark() {
		accept(this.accepted.fd().intValue() + 1);
		assertThat(this.listening.config().isAutoRead()).isTrue();
		assertThat(this.paused).hasValue(0);
	}

	/**
	 * netdata/netdata#3578: a server that was out of descriptors spun, or answered no
	 * one.
	 */
	@Test
	void shouldPauseAtTheMarkUntilThereIsRoom() {
		int mark = this.accepted.fd().intValue();
		accept(mark);
		assertThat(this.listening.config().isAutoRead()).isFalse();
		this.lowestFree.set(mark);
		passASecond();
		passASecond();
		assertThat(this.listening.config().isAutoRead()).isFalse();
		assertThat(this.paused).hasValue(3);
		this.lowestFree.set(mark - 1);
		passASecond();
		assertThat(this.listening.config().isAutoRead()).isTrue();
		assertThat(this.paused).hasValue(3);
	}

	@Test
	void shouldEndWithItsPort() {
		accept(this.accepted.fd().intValue());
		this.listening.close();
		passASecond();
		assertThat(this.paused).hasValue(1);
	}

	@Test
	void shouldDivideFewDescriptorsAndMany() {
		DescriptorReserve few = new DescriptorReserve(400);
		assertThat(few.markOfAgents()).isEqualTo(350);
		assertThat(few.markOfApi()).isEqualTo(375);
		DescriptorReserve many = new DescriptorReserve(1_000_000);
		assertThat(many.markOfAgents()).isEqualTo(1_000_000 - 1024);
	}

	private void accept(int mark) {
		AtomicInteger passed = new AtomicInteger();
		this.listening.pipeline()
			.addLast(new AcceptPause(mark, this.lowestFree::get, this.paused::incrementAndGet),
					new ChannelInboundHandlerAdapter() {

						@Override
						public void channelRead(ChannelHandlerContext context, Object message) {
							passed.incrementAndGet();
						}

					});
		this.listening.pipeline().fireChannelRead(this.accepted);
		assertThat(passed).hasValue(1);
	}

	private void passASecond() {
		this.listening.advanceTimeBy(1, TimeUnit.SECONDS);
		this.listening.runScheduledPendingTasks();
	}

}
