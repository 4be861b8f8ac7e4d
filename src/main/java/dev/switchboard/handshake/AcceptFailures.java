package dev.switchboard.handshake;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Counts the times that the agent port could not accept a connection, as when the process
 * has no descriptor left, and says so in the log now and then. Reactor Netty's acceptor,
 * behind it in the listening channel's pipeline, waits a second before it tries again;
 * what could not be accepted waits in the kernel meanwhile.
 */
@Component
@Sharable
public final class AcceptFailures extends ChannelInboundHandlerAdapter {

	private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);

	private static final Duration QUIET = Duration.ofSeconds(10);

	private final Counter failures;

	private final LongSupplier nanoTime;

	private long unsaid;

	private long saidAt;

	@Autowired
	AcceptFailures(MeterRegistry meters) {
		this(meters, System::nanoTime);
	}

	AcceptFailures(MeterRegistry meters, LongSupplier nanoTime) {
		this.failures = Counter.builder("switchboard.accept.failures")
			.description("Times that a connection to the agent port could not be accepted, as for want of descriptors")
			.register(meters);
		this.nanoTime = nanoTime;
		this.saidAt = nanoTime.getAsLong() - QUIET.toNanos();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		this.failures.increment();
		this.unsaid++;
		long now = this.nanoTime.getAsLong();
		if (now - this.saidAt >= QUIET.toNanos()) {
			LOG.warn("Agents cannot connect at the moment: {} (failed attempts since the last such line: {})",
					cause.getMessage(), this.unsaid);
			this.saidAt = now;
			this.unsaid = 0;
		}
		context.fireExceptionCaught(cause);
	}

}
