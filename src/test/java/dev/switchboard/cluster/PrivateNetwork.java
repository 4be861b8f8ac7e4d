package dev.switchboard.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * A network of this machine's own: a bridge, and for each node a namespace behind it,
 * whose packets can be dropped. Needs root, {@code ip} and {@code iptables}; leaves
 * nothing behind once it is closed.
 */
final class PrivateNetwork implements AutoCloseable {

	/** The host of agents and callers. */
	static final String OUTSIDE = "10.213.77.1";

	/** The host of the database. */
	static final String DATABASE = "10.213.77.2";

	private static final String BRIDGE = "switchboard0";

	private final int nodes;

	PrivateNetwork(int nodes) {
		this.nodes = nodes;
		close(); // What a test left that was killed.
		run("ip", "link", "add", BRIDGE, "type", "bridge");
		run("ip", "address", "add", OUTSIDE + "/24", "dev", BRIDGE);
		run("ip", "address", "add", DATABASE + "/24", "dev", BRIDGE);
		run("ip", "link", "set", BRIDGE, "up");
		run("iptables", "-I", "FORWARD", "-i", BRIDGE, "-o", BRIDGE, "-j", "ACCEPT");
		IntStream.range(0, nodes).forEach(PrivateNetwork::addNode);
	}

	private static void addNode(int node) {
		String namespace = namespace(node);
		run("ip", "netns", "add", namespace);
		run("ip", "link", "add", namespace, "type", "veth", "peer", "name", "eth0", "netns", namespace);
		run("ip", "link", "set", namespace, "master", BRIDGE, "up");
		run("ip", "-n", namespace, "address", "add", host(node) + "/24", "dev", "eth0");
		run("ip", "-n", namespace, "link", "set", "eth0", "up");
		run("ip", "-n", namespace, "link", "set", "lo", "up");
	}

	static String namespace(int node) {
		return "switchboard-" + node;
	}

	static String host(int node) {
		return "10.213.77." + (11 + node);
	}

	/** Drops all packets from the host to the node. */
	void dropFrom(int node, String host) {
		drop(node, "INPUT", "-s", host);
	}

	/** Drops all packets from the node to the host. */
	void dropTo(int node, String host) {
		drop(node, "OUTPUT", "-d", host);
	}

	/** Drops all packets to a port of the node. */
	void dropToPort(int node, int port) {
		drop(node, "INPUT", "-p", "tcp", "--dport", Integer.toString(port));
	}

	/** Drops all packets from a port of the node. */
	void dropFromPort(int node, int port) {
		drop(node, "OUTPUT", "-p", "tcp", "--sport", Integer.toString(port));
	}

	private static void drop(int node, String chain, String... what) {
		List<String> command = new ArrayList<>(
				List.of("ip", "netns", "exec", namespace(node), "iptables", "-A", chain));
		command.addAll(List.of(what));
		command.addAll(List.of("-j", "DROP"));
		run(command.toArray(String[]::new));
	}

	/** Drops no packets any more. */
	void heal() {
		IntStream.range(0, this.nodes).forEach((node) -> run("ip", "netns", "exec", namespace(node), "iptables", "-F"));
	}

	@Override
	public void close() {
		IntStream.range(0, this.nodes).forEach((node) -> {
			execute("ip", "netns", "delete", namespace(node));
			execute("ip", "link", "delete", namespace(node));
		});
		execute("iptables", "-D", "FORWARD", "-i", BRIDGE, "-o", BRIDGE, "-j", "ACCEPT");
		execute("ip", "link", "delete", BRIDGE);
	}

	private static void run(String... command) {
		String trouble = execute(command);
		if (trouble != null) {
			throw new IllegalStateException(String.join(" ", command) + ": " + trouble);
		}
	}

	/** The failure, or null. */
	private static @Nullable String execute(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return (process.waitFor() == 0) ? null : output;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
