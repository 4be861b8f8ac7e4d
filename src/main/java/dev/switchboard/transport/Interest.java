package dev.switchboard.transport;

import io.netty.channel.epoll.EpollIoOps;

/** The events that a detached socket asks epoll for. */
final class Interest {

	/**
	 * Interest in no event. It is EPOLLERR, which epoll always reports, and not
	 * {@link EpollIoOps#NONE}, because a registration that has submitted NONE cannot
	 * change its interest any more.
	 */
	private static final EpollIoOps NOTHING = EpollIoOps.EPOLLERR;

	private static final EpollIoOps IN = NOTHING.with(EpollIoOps.EPOLLIN).with(EpollIoOps.EPOLLRDHUP);

	private static final EpollIoOps OUT = NOTHING.with(EpollIoOps.EPOLLOUT);

	private static final EpollIoOps IN_AND_OUT = IN.with(EpollIoOps.EPOLLOUT);

	/**
	 * The interests: the first index is {@code reading}, the second {@code blocked}, 1
	 * for true.
	 */
	private static final EpollIoOps[][] TABLE = { { NOTHING, OUT }, { IN, IN_AND_OUT } };

	private Interest() {
	}

	/**
	 * Looks up the interest of a socket.
	 * @param reading whether the socket is to be read
	 * @param blocked whether bytes wait until the kernel takes more
	 */
	static EpollIoOps of(boolean reading, boolean blocked) {
		return TABLE[reading ? 1 : 0][blocked ? 1 : 0];
	}

}
