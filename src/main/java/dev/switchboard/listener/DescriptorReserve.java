package dev.switchboard.listener;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Divides the file descriptors of the process, so that peers of one port cannot take all
 * of them. The agent port and the forwarding port leave a reserve, of which the API may
 * use half. The other half is left to the management port, whose health checks decide
 * over the life of the process. Immutable.
 *
 * @param limit the number of descriptors that the process may have
 */
public record DescriptorReserve(long limit) {

	private static final long SMALLEST = 32;

	private static final long LARGEST = 1024;

	/** Returns the reserve of this process; without a limit if it is not known. */
	public static DescriptorReserve ofProcess() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? new DescriptorReserve(unix.getMaxFileDescriptorCount()) : new DescriptorReserve(Integer.MAX_VALUE);
	}

	/**
	 * Returns the number of descriptors in use from which on the agent port and the
	 * forwarding port accept no connection.
	 */
	public long markOfAgents() {
		return this.limit - reserve();
	}

	/**
	 * Returns the number of descriptors in use from which on the API accepts no
	 * connection.
	 */
	long markOfApi() {
		return this.limit - reserve() / 2;
	}

	private long reserve() {
		return Math.clamp(this.limit / 8, SMALLEST, LARGEST);
	}

}
