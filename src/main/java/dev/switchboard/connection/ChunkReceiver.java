package dev.switchboard.connection;

import dev.switchboard.json.Payload;

/** Takes the chunks of a streamed result. */
@FunctionalInterface
public interface ChunkReceiver {

	/** Drops all chunks, for a caller that did not ask for a stream. */
	ChunkReceiver DROP = (_) -> true;

	/**
	 * Takes a chunk. Runs on the connection's event loop and must not block it; chunks
	 * come in order and before the answer.
	 * @return false if the caller cannot take the chunk; the call ends then
	 */
	boolean accept(Payload chunk);

}
