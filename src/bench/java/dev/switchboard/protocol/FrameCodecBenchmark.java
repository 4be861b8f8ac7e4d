package dev.switchboard.protocol;

import dev.switchboard.json.Payload;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a call's two frames cost. */
@State(Scope.Thread)
public class FrameCodecBenchmark {

	private final CallId id = CallId.parse("0190163d-8694-739b-aea5-966c26f8ad91");

	/** Bytes of the payload, a string in an object. */
	@Param({ "64", "4096", "65536" })
	int payload;

	private Frame.Call call = new Frame.Call(this.id, "echo", 10_000, null, Payload.NULL);

	private byte[] result = {};

	@Setup
	public void prepare() {
		Payload json = Payload.parse("{\"text\":\"" + "x".repeat(this.payload - 11) + "\"}");
		this.call = new Frame.Call(this.id, "echo", 10_000, null, json);
		this.result = FrameCodec.encode(new Frame.Result(this.id, json));
	}

	@Benchmark
	public byte[] encodeCall() {
		return FrameCodec.encode(this.call);
	}

	@Benchmark
	public Frame.@Nullable FromAgent decodeResult() {
		return FrameCodec.decodeFromAgent(this.result);
	}

}
