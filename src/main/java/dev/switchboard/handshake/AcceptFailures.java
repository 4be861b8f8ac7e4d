package dev.switchboard.handshake;

import java.time.Duration;

import dev.switchboard.time.LogLimit;
import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs failures to accept a connection on the agent port, for example because
 * the process has no file descriptors left. Reactor Netty's acceptor comes after this
 * handler in the listening channel's pipeline. After a failure the acceptor pauses for a
 * second, and the connections wait in the kernel meanwhile.
 */
@Sharable
final class AcceptFailures extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(AcceptFailures.class);

	private static final Duration LOG_PAUSE = Duration.ofSeconds(10);

	private final Counter failures;

	private final LogLimit logLimit;

	AcceptFailures(MeterRegistry meters, TimeSource time) {
		this.failures = Counter.builder("switchboard.accept.failures")
			.description("Times that a connection to the agent port could not be accepted, as for want of descriptors")
			.register(meters);
		this.logLimit = new LogLimit(LOG_PAUSE, time);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		failed(String.valueOf(cause.getMessage()));
		context.fireExceptionCaught(cause);
	}

	/**
	 * Counts a second in which nothing is accepted, since the descriptors that are left
	 * are those of the API and of the management port.
	 */
	void reserved() {
		failed("Too many open files; the last ones are left to the API and the management port");
	}

	private void failed(String why) {
		this.failures.increment();
		this.logLimit.tryLog()
			.ifPresent((heldBack) -> logger.warn(
					"Agents cannot connect at the moment: {} (failed attempts since the last such line: {})", why,
					heldBack + 1));
	}

}
