package dev.switchboard.listener;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.time.Chance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * The answer 503 with which a connection is refused whose request is not read. Immutable.
 */
public final class InstantRefusal {

	private final byte[] body;

	private final long withinMillis;

	private final Chance chance;

	/**
	 * @param detail explains the refusal to the client
	 * @param retryWithin the time over which the refused clients are to come back
	 */
	public InstantRefusal(String detail, Duration retryWithin, Chance chance) {
		this.body = new ProblemException(Problem.UNAVAILABLE, detail).toJson();
		this.withinMillis = retryWithin.toMillis();
		this.chance = chance;
	}

	/** Returns the bytes of an answer, with a random time for the client's return. */
	public ByteBuf bytes() {
		long retryAfter = 1 + (long) (this.chance.fraction() * this.withinMillis / 1000);
		String head = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: " + retryAfter
				+ "\r\nContent-Type: application/problem+json\r\nContent-Length: " + this.body.length + "\r\n\r\n";
		return Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), this.body);
	}

}
