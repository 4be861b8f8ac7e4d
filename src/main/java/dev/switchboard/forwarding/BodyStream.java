package dev.switchboard.forwarding;

/**
 * The open body of a request to another node: a stream of messages, each with its length
 * before it, as in answers. Belongs to the connection's event loop. After the end of the
 * request or of its connection, nothing is written any more.
 */
final class BodyStream {

	private final PeerStreams streams;

	private final PendingRequest<?> request;

	BodyStream(PeerStreams streams, PendingRequest<?> request) {
		this.streams = streams;
		this.request = request;
	}

	/** Whether too many bytes wait on the connection. */
	boolean isCongested() {
		return this.streams.isCongested();
	}

	/**
	 * Writes a message.
	 * @param written runs when the message has been handed to the socket
	 */
	void write(byte[] message, Runnable written) {
		if (isOpen()) {
			this.streams.writeMessage(this.request, message, written);
		}
	}

	/** Ends the body. The other node then ends its answer. */
	void end() {
		if (isOpen()) {
			this.streams.endBody(this.request);
		}
	}

	private boolean isOpen() {
		return this.request.isBodyOpen() && !this.request.isEnded();
	}

}
