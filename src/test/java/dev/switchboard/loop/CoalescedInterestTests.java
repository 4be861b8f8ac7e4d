package dev.switchboard.loop;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link CoalescedInterest}. */
class CoalescedInterestTests {

	private final Recorder epoll = new Recorder();

	private final CoalescedInterest loop = new CoalescedInterest(this.epoll, new CallingThread());

	@Test
	void shouldTellEpollOfTheLastWishOfATurnOnly() throws Exception {
		IoRegistration registration = this.loop.register(new Handle());
		registration.submit(EpollIoOps.EPOLLOUT);
		registration.submit(EpollIoOps.EPOLLIN);
		assertThat(this.epoll.submitted).isEmpty();
		turn();
		assertThat(this.epoll.submitted).containsExactly(EpollIoOps.EPOLLIN);
	}

	@Test
	void shouldTellEpollNothingWhenATurnEndsAsItBegan() throws Exception {
		IoRegistration registration = this.loop.register(new Handle());
		registration.submit(EpollIoOps.EPOLLIN);
		turn();
		registration.submit(EpollIoOps.EPOLLERR);
		registration.submit(EpollIoOps.EPOLLIN);
		turn();
		assertThat(this.epoll.submitted).hasSize(1);
		registration.submit(EpollIoOps.EPOLLERR);
		turn();
		assertThat(this.epoll.submitted).containsExactly(EpollIoOps.EPOLLIN, EpollIoOps.EPOLLERR);
	}

	@Test
	void shouldKeepASocketThatWantsNothingForAWhile() throws Exception {
		IoRegistration registration = this.loop.register(new Handle());
		registration.submit(EpollIoOps.NONE);
		turn();
		registration.submit(EpollIoOps.EPOLLOUT);
		turn();
		assertThat(this.epoll.submitted).doesNotContain(EpollIoOps.NONE).endsWith(EpollIoOps.EPOLLOUT);
	}

	@Test
	void shouldForgetWhatACancelledSocketWanted() throws Exception {
		IoRegistration registration = this.loop.register(new Handle());
		registration.submit(EpollIoOps.EPOLLIN);
		registration.cancel();
		turn();
		assertThat(this.epoll.submitted).isEmpty();
	}

	@Test
	void shouldReadARealSocketExactlyWhileItIsToBeRead() throws Exception {
		LoopResources loops = EventLoops.create();
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		BlockingQueue<String> read = new LinkedBlockingQueue<>();
		Channel server = new ServerBootstrap().group(loops.onServer(true))
			.channel(EpollServerSocketChannel.class)
			.childHandler(new Reader(accepted, read))
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
		try (Socket client = connect((InetSocketAddress) server.localAddress())) {
			Channel channel = take(accepted);
			send(client, "a");
			assertThat(take(read)).isEqualTo("a");
			// Within one turn, as for a request that has a body.
			channel.eventLoop().submit(() -> channel.config().setAutoRead(false).setAutoRead(true)).sync();
			send(client, "b");
			assertThat(take(read)).isEqualTo("b");
			channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).sync();
			send(client, "c");
			channel.eventLoop().submit(() -> read.add("stopped")).sync();
			channel.config().setAutoRead(true);
			assertThat(List.of(take(read), take(read))).containsExactly("stopped", "c");
		}
		finally {
			server.close().sync();
			loops.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block();
		}
	}

	private static Socket connect(InetSocketAddress server) throws Exception {
		return new Socket(server.getAddress(), server.getPort());
	}

	private void turn() {
		this.loop.run(new Turn());
	}

	private static void send(Socket client, String text) throws Exception {
		client.getOutputStream().write(text.charAt(0));
	}

	private static <T> T take(BlockingQueue<T> queue) throws Exception {
		T next = queue.poll(10, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

	private static final class Reader extends ChannelInboundHandlerAdapter {

		private final BlockingQueue<Channel> accepted;

		private final BlockingQueue<String> read;

		Reader(BlockingQueue<Channel> accepted, BlockingQueue<String> read) {
			this.accepted = accepted;
			this.read = read;
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			this.accepted.add(context.channel());
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			ByteBuf bytes = (ByteBuf) message;
			this.read.add(bytes.toString(StandardCharsets.US_ASCII));
			bytes.release();
		}

	}

	/** The interest that was submitted to epoll. */
	private static final class Recorder implements IoHandler, IoRegistration {

		private final List<IoOps> submitted = new ArrayList<>();

		private boolean valid = true;

		@Override
		public int run(IoHandlerContext context) {
			return 0;
		}

		@Override
		public IoRegistration register(IoHandle handle) {
			return this;
		}

		@Override
		public void wakeup() {
			// There is no sleeping loop to wake up.
		}

		@Override
		public boolean isCompatible(Class<? extends IoHandle> handleType) {
			return true;
		}

		@Override
		@SuppressWarnings("TypeParameterUnusedInFormals")
		public <T> T attachment() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long submit(IoOps ops) {
			this.submitted.add(ops);
			return 0;
		}

		@Override
		public boolean isValid() {
			return this.valid;
		}

		@Override
		public boolean cancel() {
			this.valid = false;
			return true;
		}

	}

	private static final class Handle implements IoHandle {

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			// Holds nothing.
		}

	}

	private static final class CallingThread implements ThreadAwareExecutor {

		@Override
		public boolean isExecutorThread(Thread thread) {
			return true;
		}

		@Override
		public void execute(Runnable task) {
			task.run();
		}

	}

	private static final class Turn implements IoHandlerContext {

		@Override
		public boolean canBlock() {
			return false;
		}

		@Override
		public long delayNanos(long now) {
			return 0;
		}

		@Override
		public long deadlineNanos() {
			return -1;
		}

	}

}
