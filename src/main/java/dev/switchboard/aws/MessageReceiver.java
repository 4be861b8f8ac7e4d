package dev.switchboard.aws;

import java.util.List;

import reactor.core.publisher.Mono;

/**
 * A queue or topic that takes messages. Thread-safe; only {@link #check} and
 * {@link #close} block.
 */
interface MessageReceiver extends AutoCloseable {

	/** Returns the name of the service in messages to an operator. */
	String service();

	/** Returns the setting that names the receiver, with its value. */
	String setting();

	/**
	 * Whether the messages of a group stay in their order, and repeated ones are dropped.
	 */
	boolean isFifo();

	/**
	 * Sends messages in one request.
	 * @param batch 1 to 10 messages, together not larger than {@link RelayMessage#LIMIT}
	 * @return the messages that were not taken; an error if the request failed
	 */
	Mono<List<Refusal>> send(List<RelayMessage> batch);

	/**
	 * Checks at the start that the receiver exists. Blocks for some seconds if AWS does
	 * not answer; then the node starts without this check.
	 * @throws dev.switchboard.problem.SettingsRefusedException if there is no such
	 * receiver
	 */
	void check();

	@Override
	void close();

}
