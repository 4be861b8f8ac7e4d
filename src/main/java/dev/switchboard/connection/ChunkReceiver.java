package dev.switchboard.connection;

import dev.switchboard.json.Payload;

/** Takes the parts of a streamed result. */
@FunctionalInterface
public interface ChunkReceiver {

	/** What becomes of parts that nobody asked for. */
	ChunkReceiver DROP = (_) -> true;

	/**
	 * Takes a part; on the connection's event loop, in order, before the answer.
	 * @return whether it could; if not, the call ends
	 */
	boolean accept(Payload chunk);

}
