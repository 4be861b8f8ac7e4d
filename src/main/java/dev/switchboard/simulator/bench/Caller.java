package dev.switchboard.simulator.bench;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request after the other over a connection that it opens when it needs one.
 * Runs on one event loop; {@link #begin} and {@link #expire} are for other threads.
 */
final class Caller {

	private static final long RETRY_MILLIS = 100;

	private final EventLoop loop;

	private final Bootstrap bootstrap;

	private final InetSocketAddress remote;

	private @Nullable Channel channel;

	private @Nullable Request pending;

	/** A request that has no response yet. */
	private record Request(BenchRun<Workload> run, long number, long dueNanos, long sentNanos) {
	}

	Caller(Bootstrap bootstrap, EventLoop loop, InetSocketAddress remote) {
		this.loop = loop;
		this.bootstrap = bootstrap.clone(loop);
		this.remote = remote;
	}

	/** Takes part in the run until its schedule ends. */
	void begin(BenchRun<Workload> run) {
		this.loop.execute(() -> next(run));
	}

	private void next(BenchRun<Workload> run) {
		run.next(this.loop, (number, due) -> send(run, number, due));
	}

	private void send(BenchRun<Workload> run, long number, long due) {
		Request request = new Request(run, number, due, System.nanoTime());
		this.pending = request;
		Channel open = this.channel;
		if (open != null) {
			write(open, request);
			return;
		}
		this.bootstrap.clone().handler(new HttpConnection(this)).connect(this.remote).addListener((done) -> {
			if (!done.isSuccess()) {
				end(new Verdict.Failure("connect failed"));
			}
		});
	}

	/**
	 * Sends the request that waits for the connection. Called when the connection is
	 * open.
	 */
	void connected(Channel opened) {
		this.channel = opened;
		if (this.pending != null) {
			write(opened, this.pending);
		}
	}

	private static void write(Channel channel, Request request) {
		String text = request.run().workload().request(request.number());
		ByteBuf bytes = channel.alloc().buffer(text.length());
		bytes.writeCharSequence(text, StandardCharsets.ISO_8859_1);
		var _ = channel.writeAndFlush(bytes, channel.voidPromise());
	}

	void received(Channel from, HttpResponse response) {
		if (!response.keepAlive()) {
			this.channel = null;
			var _ = from.close();
		}
		Request request = this.pending;
		if (request != null) {
			end(request.run().workload().check(request.number(), response));
		}
	}

	/** Fails the request that waits. Called when the connection has ended. */
	void lost(Channel closed, String why) {
		if (closed.equals(this.channel)) {
			this.channel = null;
			end(new Verdict.Failure(why));
		}
	}

	private void end(Verdict verdict) {
		Request request = this.pending;
		if (request == null) {
			return;
		}
		this.pending = null;
		request.run().measurement().record(verdict, System.nanoTime() - request.dueNanos());
		if (this.channel == null && verdict instanceof Verdict.Failure) {
			var _ = this.loop.schedule(() -> next(request.run()), RETRY_MILLIS, TimeUnit.MILLISECONDS);
		}
		else {
			next(request.run());
		}
	}

	/**
	 * Fails a request that has waited for its response for longer than this, and then
	 * also closes the connection.
	 */
	void expire(long nanos) {
		this.loop.execute(() -> {
			Channel open = this.channel;
			if (open != null && this.pending != null && System.nanoTime() - this.pending.sentNanos() > nanos) {
				lost(open, "timed out");
				var _ = open.close();
			}
		});
	}

}
