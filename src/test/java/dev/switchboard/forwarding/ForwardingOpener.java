package dev.switchboard.forwarding;

/** Opens the forwarding port of a simulated node, whose thread must not block. */
public final class ForwardingOpener {

	private ForwardingOpener() {
	}

	public static void listen(ForwardingServer server) {
		server.listen();
	}

}
