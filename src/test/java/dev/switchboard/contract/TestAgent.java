package dev.switchboard.contract;

import java.io.IOException;
import java.time.Duration;

import dev.switchboard.GatewayProcess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An agent as other people write it from {@code docs/contract.md}: it sees text messages
 * and sends them. To be used by one thread at a time.
 */
interface TestAgent extends AutoCloseable {

	/** How long the agents of this package wait for a message. */
	Duration PATIENCE = Duration.ofSeconds(15);

	/** The first message of the connection. */
	JsonNode welcome();

	/** The next message, or null if none came in time. */
	@Nullable String poll(Duration limit) throws Exception;

	void send(String message) throws Exception;

	/**
	 * The code that the server closes the connection with, however many messages come
	 * before; {@link WireFrame#NO_CLOSE_FRAME} if the connection just ends.
	 */
	int awaitClose() throws Exception;

	/** Ends the connection without a close frame, as a process that dies does. */
	void die() throws Exception;

	@Override
	void close() throws IOException;

	/** The next message, as text. */
	default String next() throws Exception {
		String message = poll(PATIENCE);
		if (message == null) {
			throw new AssertionError("no message came");
		}
		return message;
	}

	/** The next message of this type; others are passed over. */
	default JsonNode next(String type) throws Exception {
		while (true) {
			JsonNode frame = Json.parse(next());
			if (frame.get("type").asString().equals(type)) {
				return frame;
			}
		}
	}

	/** The id of the next call; other messages are passed over. */
	default String nextCall() throws Exception {
		return next("call").get("id").asString();
	}

	/** Sends the result of a call. */
	default void answer(String id, String payload) throws Exception {
		send("{\"type\":\"result\",\"id\":\"" + id + "\",\"payload\":" + payload + "}");
	}

	/** Answers all calls until the connection ends, or no call comes. */
	default void answerAll(String payload) {
		try {
			while (!Thread.interrupted()) {
				answer(nextCall(), payload);
			}
		}
		catch (Throwable ex) {
			// The test has ended.
		}
	}

	/** Sends a part of a streamed result. */
	default void chunk(String id, String payload) throws Exception {
		send("{\"type\":\"chunk\",\"id\":\"" + id + "\",\"payload\":" + payload + "}");
	}

	/** The two agents of this package. */
	enum Kind {

		/** Frames by hand on a plain socket. */
		RAW {
			@Override
			TestAgent connect(GatewayProcess gateway, Identity identity) throws Exception {
				return RawSocketAgent.connect(gateway, identity);
			}
		},

		/** The WebSocket client of the JDK. */
		JDK {
			@Override
			TestAgent connect(GatewayProcess gateway, Identity identity) throws Exception {
				return JdkAgent.connect(gateway, identity);
			}
		};

		abstract TestAgent connect(GatewayProcess gateway, Identity identity) throws Exception;

	}

}
