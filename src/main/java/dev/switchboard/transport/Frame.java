package dev.switchboard.transport;

/**
 * A whole message, or a control frame, as it was read.
 *
 * @param opcode one of {@link Opcode}, never a continuation
 * @param payload exactly its bytes, unmasked
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(int opcode, byte[] payload) {
}
