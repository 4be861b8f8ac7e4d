package dev.switchboard.loop;

import java.util.ArrayList;
import java.util.List;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits a channel's interest to epoll at most once in each turn of the event loop, and
 * only if it has changed. For each request with a body, Reactor Netty stops reading and
 * starts again within one turn. Without this class, each such request would cost two
 * system calls. Used on its event loop, except for {@link #wakeup}.
 */
final class CoalescedInterest implements IoHandler {

	private static final Logger logger = LoggerFactory.getLogger(CoalescedInterest.class);

	/**
	 * Interest in no event. It takes the place of {@link EpollIoOps#NONE}, because a
	 * registration that has submitted NONE cannot change its interest any more (Netty
	 * 4.2.18). With EPOLLET, epoll reports an error or a hang-up once, and not in each
	 * turn.
	 */
	private static final IoOps NOTHING = EpollIoOps.EPOLLET;

	private final IoHandler epoll;

	private final ThreadAwareExecutor loop;

	private final List<Registration> changed = new ArrayList<>();

	CoalescedInterest(IoHandler epoll, ThreadAwareExecutor loop) {
		this.epoll = epoll;
		this.loop = loop;
	}

	static IoHandlerFactory factory() {
		IoHandlerFactory epoll = EpollIoHandler.newFactory();
		return (loop) -> new CoalescedInterest(epoll.newHandler(loop), loop);
	}

	@Override
	public void initialize() {
		this.epoll.initialize();
	}

	@Override
	public int run(IoHandlerContext context) {
		if (!this.changed.isEmpty()) {
			this.changed.forEach(Registration::apply);
			this.changed.clear();
		}
		return this.epoll.run(context);
	}

	/**
	 * Registers the handle, and wraps its registration. The registration of a
	 * {@link DirectInterest} handle is not wrapped: such a handle submits its interest
	 * only when the interest has changed.
	 */
	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		IoRegistration registration = this.epoll.register(handle);
		return (handle instanceof DirectInterest) ? registration : new Registration(registration);
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.epoll.isCompatible(handleType);
	}

	@Override
	public void wakeup() {
		this.epoll.wakeup();
	}

	@Override
	public void prepareToDestroy() {
		this.epoll.prepareToDestroy();
	}

	@Override
	public void destroy() {
		this.epoll.destroy();
	}

	/**
	 * A channel's interest in events: the one that it wants, and the one that epoll
	 * knows.
	 */
	private final class Registration implements IoRegistration {

		private final IoRegistration epoll;

		private @Nullable IoOps wanted;

		private @Nullable IoOps applied;

		private boolean queued;

		Registration(IoRegistration epoll) {
			this.epoll = epoll;
		}

		@Override
		@SuppressWarnings("TypeParameterUnusedInFormals") // Netty's
		public <T> T attachment() {
			return this.epoll.attachment();
		}

		@Override
		public long submit(IoOps ops) {
			if (!CoalescedInterest.this.loop.isExecutorThread(Thread.currentThread())) {
				CoalescedInterest.this.loop.execute(() -> submit(ops));
			}
			else if (isValid()) {
				this.wanted = ops.equals(EpollIoOps.NONE) ? NOTHING : ops;
				if (!this.queued) {
					this.queued = true;
					CoalescedInterest.this.changed.add(this);
				}
			}
			return 0;
		}

		private void apply() {
			this.queued = false;
			IoOps ops = this.wanted;
			if (ops != null && !ops.equals(this.applied) && isValid()) {
				this.applied = ops;
				try {
					this.epoll.submit(ops);
				}
				catch (RuntimeException ex) {
					logger.debug("Interest in a closed socket", ex);
				}
			}
		}

		@Override
		public boolean isValid() {
			return this.epoll.isValid();
		}

		@Override
		public boolean cancel() {
			return this.epoll.cancel();
		}

	}

}
