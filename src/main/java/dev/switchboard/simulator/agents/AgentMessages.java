package dev.switchboard.simulator.agents;

import java.util.concurrent.TimeUnit;

import dev.switchboard.protocol.Frame;
import dev.switchboard.protocol.FrameCodec;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Does what an agent does with the messages that come. All agents of the process share
 * it. An agent's messages are handled on the event loop of its connection.
 */
final class AgentMessages {

	private final SimulatedAgents agents;

	private final AgentOptions options;

	private final AgentStats stats;

	private final ProcessedPushes processed;

	private final @Nullable EventSender events;

	/**
	 * @param events sends the agents' events; null if they send none
	 */
	AgentMessages(SimulatedAgents agents, @Nullable EventSender events) {
		this.agents = agents;
		this.options = agents.options();
		this.stats = agents.stats();
		this.processed = new ProcessedPushes(this.options.rememberPushes);
		this.events = events;
	}

	/** Called first for each connection. */
	void opened(int agent, Channel channel) {
		if (this.events != null) {
			this.events.connected(agent, channel);
		}
	}

	void receive(int agent, Channel channel, Frame.@Nullable FromGateway frame) {
		switch (frame) {
			case Frame.Call call -> answer(channel, call);
			case Frame.Push push -> process(channel, push);
			case Frame.Welcome welcome -> welcome(agent, channel, welcome);
			case Frame.GoAway goAway -> this.agents.replace(agent, channel, goAway);
			case Frame.EventAck ack when this.events != null -> this.events.acknowledged(agent, ack);
			case Frame.EventError error when this.events != null -> this.events.refused(agent, channel, error);
			case null, default -> {
				// A simulated agent ignores all other frames.
			}
		}
	}

	/**
	 * Counts a push. A durable one is acknowledged each time that it comes, and processed
	 * once.
	 */
	private void process(Channel channel, Frame.Push push) {
		this.stats.pushed.increment();
		if (push.durable()) {
			(this.processed.add(push.id()) ? this.stats.processed : this.stats.repeated).increment();
			write(channel, FrameCodec.encode(new Frame.Ack(push.id().toString())));
		}
	}

	private void welcome(int agent, Channel channel, Frame.Welcome welcome) {
		this.agents.backoff().learn(welcome);
		Frame.Hello hello = this.options.hello(agent);
		if (hello != null) {
			write(channel, FrameCodec.encode(hello));
		}
		channel.config().setAutoRead(!this.options.stopReading);
	}

	private void answer(Channel channel, Frame.Call call) {
		byte[] answer = FrameCodec.encode(this.options.answers.answer(call));
		long delay = this.options.answers.drawMicros();
		if (delay == 0) {
			writeAnswer(channel, answer);
			return;
		}
		var _ = channel.eventLoop().schedule(() -> {
			writeAnswer(channel, answer);
			channel.flush();
		}, delay, TimeUnit.MICROSECONDS);
	}

	private void writeAnswer(Channel channel, byte[] answer) {
		if (channel.isActive()) {
			this.stats.answered.increment();
			write(channel, answer);
		}
	}

	// channelReadComplete flushes, when all messages that were read have their answers.
	private static void write(Channel channel, byte[] message) {
		var _ = channel.write(MaskedFrames.encode(channel.alloc(), WebSocketFrame.TEXT, message),
				channel.voidPromise());
	}

}
