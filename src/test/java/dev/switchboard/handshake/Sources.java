package dev.switchboard.handshake;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.SplittableRandom;

import dev.switchboard.time.TimeSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.util.NetUtil;

/** Makes what decides about sources. */
final class Sources {

	static final int RATE = 10;

	static final int BURST = 20;

	private Sources() {
	}

	static SourceAdmission admission(List<String> proxies, TimeSource time) {
		return new SourceAdmission(new SourceSettings(RATE, BURST, 24, 56), new TrustedProxies(proxies),
				new SimpleMeterRegistry(), new SplittableRandom(1)::nextLong, time);
	}

	static InetSocketAddress address(String text) {
		return new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(text), 40_000);
	}

}
