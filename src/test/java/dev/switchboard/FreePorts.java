package dev.switchboard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for the processes that tests start. They are below those that the kernel gives to
 * client sockets (32768 and up, also while in TIME_WAIT), and none is given twice: a
 * process binds its ports only seconds after it has received their numbers.
 */
public final class FreePorts {

	private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

	private FreePorts() {
	}

	/** A port on which no process listens, and which no earlier call returned. */
	public static int next() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
			if (isFree(port) && GIVEN.add(port)) {
				return port;
			}
		}
	}

	private static boolean isFree(int port) {
		try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
