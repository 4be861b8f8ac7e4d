package dev.switchboard.transport;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The agents' end of {@link MemorySocket}s. It has no state, since a socket in memory
 * takes whole frames: one is enough for all.
 *
 * @param messages what an agent says to a text message; null for nothing
 */
record MemoryAgent(Function<byte[], byte @Nullable []> messages) {

	/** With no payload, as the gateway's pings have none; made once, to cost nothing. */
	static final byte[] PONG = ClientFrames.frame(Opcode.PONG, new byte[0]);

	static final byte[] CLOSE = ClientFrames.close(1000, "");

	private static final byte[] END = {};

	/** Reads frames of the server's, and passes on each of the agent's. */
	void read(ByteBuffer frames, Consumer<byte[]> answers) {
		while (frames.hasRemaining()) {
			int opcode = frames.get() & 0x0F;
			byte[] payload = new byte[length(frames)];
			frames.get(payload);
			answer(opcode, payload, answers);
		}
	}

	private static int length(ByteBuffer frame) {
		int length = frame.get();
		return switch (length) {
			case 126 -> Short.toUnsignedInt(frame.getShort());
			case 127 -> Math.toIntExact(frame.getLong());
			default -> length;
		};
	}

	private void answer(int opcode, byte[] payload, Consumer<byte[]> answers) {
		switch (opcode) {
			case Opcode.TEXT -> {
				byte[] answer = this.messages.apply(payload);
				if (answer != null) {
					answers.accept(ClientFrames.frame(Opcode.TEXT, answer));
				}
			}
			case Opcode.PING -> answers.accept(PONG);
			case Opcode.CLOSE -> {
				answers.accept(CLOSE);
				answers.accept(END);
			}
			default -> throw new IllegalStateException("the server sent opcode " + opcode);
		}
	}

}
