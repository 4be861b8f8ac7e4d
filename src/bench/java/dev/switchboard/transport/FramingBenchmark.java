package dev.switchboard.transport;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

import org.springframework.core.io.buffer.DefaultDataBufferFactory;

/** What RFC 6455 costs a message: its header, its mask, and that its text is UTF-8. */
@State(Scope.Thread)
public class FramingBenchmark {

	private static final MessageBounds BOUNDS = MessageBounds.ofBytes(256 << 10);

	/** Bytes of the message, in one frame. */
	@Param({ "64", "4096", "65536" })
	int message;

	private byte[] text = {};

	private ByteBuf masked = Unpooled.EMPTY_BUFFER;

	private ByteBuf out = Unpooled.EMPTY_BUFFER;

	@Setup
	public void prepare() {
		this.text = ClientFrames.utf8("x".repeat(this.message));
		byte[] frame = ClientFrames.frame(Opcode.TEXT, this.text);
		this.masked = Unpooled.directBuffer(frame.length).writeBytes(frame);
		this.out = Unpooled.directBuffer(FrameWriter.MAX_HEADER + this.message);
	}

	/** With a reader of its own, as an idle connection has none. */
	@Benchmark
	public byte[] read() {
		RawMessage frame = new FrameReader(BOUNDS).next(this.masked.readerIndex(0), 0);
		return Objects.requireNonNull(frame).payload();
	}

	@Benchmark
	public int write() {
		FrameWriter.write(this.out.clear(), Opcode.TEXT, DefaultDataBufferFactory.sharedInstance.wrap(this.text));
		return this.out.readableBytes();
	}

}
