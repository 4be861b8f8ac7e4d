package dev.switchboard.handshake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;

import dev.switchboard.time.ManualTime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandshakeTimeSlicesTests {

	private final ManualTime time = new ManualTime();

	private final Queue<Runnable> nextTurn = new ArrayDeque<>();

	private final HandshakeTimeSlices slices = new HandshakeTimeSlices(this.time, (_, task) -> this.nextTurn.add(task));

	private final List<Integer> begun = new ArrayList<>();

	private final List<EmbeddedChannel> channels = IntStream.range(0, 5).mapToObj(this::channel).toList();

	/** A channel whose handshake takes half of a slice. */
	private EmbeddedChannel channel(int number) {
		return new EmbeddedChannel(this.slices.handler(), new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object bytes) {
				HandshakeTimeSlicesTests.this.begun.add(number);
				HandshakeTimeSlicesTests.this.time.advance(Duration.ofNanos(HandshakeTimeSlices.SLICE_NANOS / 2));
				ReferenceCountUtil.release(bytes);
			}

		});
	}

	private void nextTurn() {
		List<Runnable> tasks = List.copyOf(this.nextTurn);
		this.nextTurn.clear();
		tasks.forEach(Runnable::run);
	}

	private static ByteBuf read(EmbeddedChannel channel) {
		ByteBuf bytes = Unpooled.copiedBuffer(new byte[] { 1 });
		channel.pipeline().fireChannelRead(bytes).fireChannelReadComplete();
		return bytes;
	}

	@Test
	void shouldBeginAtOnceWhileTheTurnHasTime() {
		read(this.channels.get(0));
		read(this.channels.get(1));
		assertThat(this.begun).containsExactly(0, 1);
	}

	@Test
	void shouldPassOnWhatComesAfterTheFirstBytes() {
		read(this.channels.get(0));
		read(this.channels.get(0));
		read(this.channels.get(0));
		assertThat(this.begun).containsExactly(0, 0, 0);
	}

	@Test
	void shouldHaveTheOthersWaitForLaterTurnsInTheirOrder() {
		this.channels.forEach(HandshakeTimeSlicesTests::read);
		assertThat(this.begun).containsExactly(0, 1);
		nextTurn();
		assertThat(this.begun).containsExactly(0, 1, 2, 3);
		nextTurn();
		assertThat(this.begun).containsExactly(0, 1, 2, 3, 4);
		nextTurn();
		assertThat(this.nextTurn).isEmpty();
	}

	@Test
	void shouldBeginOnceWhateverIsReadMeanwhile() {
		this.channels.subList(0, 3).forEach(HandshakeTimeSlicesTests::read);
		this.channels.get(2).pipeline().fireChannelReadComplete();
		nextTurn();
		nextTurn();
		assertThat(this.begun).containsExactly(0, 1, 2);
	}

	@Test
	void shouldDropTheBytesOfAChannelThatClosedMeanwhile() {
		read(this.channels.get(0));
		read(this.channels.get(1));
		ByteBuf waiting = read(this.channels.get(2));
		this.channels.get(2).close();
		nextTurn();
		assertThat(waiting.refCnt()).isZero();
		assertThat(this.begun).containsExactly(0, 1);
	}

}
