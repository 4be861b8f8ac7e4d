package dev.switchboard.cluster.simulation;

import io.netty.channel.ChannelId;

/** The identity of a channel. A counter gives it, so it is the same in each replay. */
record ChannelNumber(int number) implements ChannelId {

	@Override
	public String asShortText() {
		return Integer.toString(this.number);
	}

	@Override
	public String asLongText() {
		return asShortText();
	}

	@Override
	public int compareTo(ChannelId other) {
		return Integer.compare(this.number, ((ChannelNumber) other).number);
	}

}
