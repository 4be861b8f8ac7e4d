package dev.switchboard.loop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Tests for {@link OnLoop}. */
class OnLoopTests {

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	@AfterEach
	void stop() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	@Test
	void shouldRunATaskAtOnceOnTheLoop() throws Exception {
		boolean ran = this.loop.submit(() -> {
			AtomicBoolean here = new AtomicBoolean();
			OnLoop.run(this.loop, () -> here.set(true));
			return here.get();
		}).get();
		assertThat(ran).isTrue();
	}

	@Test
	void shouldHandATaskFromAnotherThreadToTheLoop() throws Exception {
		CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
		OnLoop.run(this.loop, () -> onLoop.complete(this.loop.inEventLoop()));
		assertThat(onLoop.get()).isTrue();
	}

	@Test
	void shouldRunATaskOnTheCallersThreadOnceTheLoopHasEnded() {
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
		AtomicBoolean here = new AtomicBoolean();
		OnLoop.run(this.loop, () -> here.set(true));
		assertThat(here).isTrue();
	}

}
