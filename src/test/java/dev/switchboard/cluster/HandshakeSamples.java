package dev.switchboard.cluster;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.switchboard.GatewayProcess;

/** Samples how many handshakes each node of a cluster accepts in a second. */
final class HandshakeSamples implements AutoCloseable {

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final Map<GatewayProcess, Sample> last = new ConcurrentHashMap<>();

	private final Cluster cluster;

	private volatile double most;

	private record Sample(double handshakes, long at) {
	}

	HandshakeSamples(Cluster cluster) {
		this.cluster = cluster;
		var _ = this.timer.scheduleWithFixedDelay(() -> cluster.nodes().forEach(this::sample), 0, 1, TimeUnit.SECONDS);
	}

	private void sample(GatewayProcess node) {
		try {
			double handshakes = this.cluster.metric(node, "switchboard_handshakes_total", "result=\"accepted\"");
			Sample now = new Sample(handshakes, System.nanoTime());
			Sample before = this.last.put(node, now);
			if (before != null && now.handshakes() >= before.handshakes()) {
				double seconds = (now.at() - before.at()) / 1e9;
				this.most = Math.max(this.most, (now.handshakes() - before.handshakes()) / seconds);
			}
		}
		catch (RuntimeException ex) {
			// The node is starting or ending.
			this.last.remove(node);
		}
	}

	/** The most handshakes in a second, about, of any node. */
	double most() {
		return this.most;
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
