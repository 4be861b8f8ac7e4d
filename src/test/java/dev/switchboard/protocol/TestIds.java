package dev.switchboard.protocol;

import java.util.UUID;

/** New ids for tests. */
public final class TestIds {

	private TestIds() {
	}

	public static CallId call() {
		return new CallId(UUID.randomUUID());
	}

	public static ConnectionId connection() {
		return new ConnectionId(UUID.randomUUID());
	}

	public static NodeId node() {
		return new NodeId(UUID.randomUUID());
	}

}
