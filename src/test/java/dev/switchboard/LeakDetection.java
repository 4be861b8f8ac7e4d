package dev.switchboard;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Fails the run when a Netty buffer was collected without having been released. Found by
 * JUnit through {@code META-INF/services}; the build runs with paranoid leak detection.
 */
public final class LeakDetection extends ResourceLeakDetectorFactory implements TestExecutionListener {

	private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

	@Override
	public void testPlanExecutionStarted(TestPlan plan) {
		ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(this);
	}

	@Override
	@Deprecated
	@SuppressWarnings("InlineMeSuggester")
	public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
			long maxActive) {
		return newResourceLeakDetector(resource, samplingInterval);
	}

	@Override
	public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
		return new ResourceLeakDetector<>(resource, samplingInterval) {

			@Override
			protected void reportTracedLeak(String resourceType, String records) {
				super.reportTracedLeak(resourceType, records);
				if (!isOfDriver(records)) {
					LEAKS.add(resourceType + ": " + records);
				}
			}

			@Override
			protected void reportUntracedLeak(String resourceType) {
				super.reportUntracedLeak(resourceType);
				LEAKS.add(resourceType);
			}

		};
	}

	// When a connection is closed in the middle of a result, as by tests that end a
	// node, r2dbc-mysql drops, unreleased, the columns that it has decoded and that no
	// subscriber has requested.
	private static boolean isOfDriver(String records) {
		return records.contains("io.asyncer.r2dbc.mysql.message") && !records.contains("dev.switchboard");
	}

	@Override
	public void testPlanExecutionFinished(TestPlan plan) {
		System.gc();
		// A detector looks for collected buffers when the next buffer is tracked.
		for (int i = 0; i < 64; i++) {
			ByteBufAllocator.DEFAULT.buffer().release();
		}
		if (!LEAKS.isEmpty()) {
			System.err.println("Leaked: " + LEAKS);
			Runtime.getRuntime().halt(3);
		}
	}

}
