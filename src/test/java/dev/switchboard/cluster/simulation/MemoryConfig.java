package dev.switchboard.cluster.simulation;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/**
 * The options of a channel in memory. It takes all options, even those of real sockets.
 */
final class MemoryConfig extends DefaultChannelConfig {

	MemoryConfig(Channel channel) {
		super(channel);
	}

	@Override
	public <T> boolean setOption(ChannelOption<T> option, T value) {
		super.setOption(option, value);
		return true;
	}

}
