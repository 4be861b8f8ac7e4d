package dev.switchboard.dns;

import java.util.Locale;
import java.util.regex.Pattern;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.protocol.NodeId;

/**
 * The name of a pool in DNS. Its addresses are those of the pool's nodes.
 *
 * @param text the name in lower case, without a dot at its end
 */
public record PoolName(String text) {

	private static final Pattern NAME = Pattern
		.compile("(?=.{1,180}$)_?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+");

	/**
	 * Reads a name of DNS.
	 * @param setting the setting that has the name
	 * @throws SettingsRefusedException if the text is not such a name
	 */
	public static PoolName parse(String setting, String text) {
		String name = canonical(text);
		if (!NAME.matcher(name).matches()) {
			throw new SettingsRefusedException(setting + "=" + text + " is no name of DNS.",
					"Write it as agents.example.com.");
		}
		return new PoolName(name);
	}

	/** Returns a name in lower case, and without a dot at its end. */
	public static String canonical(String name) {
		String lower = name.toLowerCase(Locale.ROOT);
		return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
	}

	/** Returns the name whose addresses are those of one node. */
	public String of(NodeId node) {
		return node + "." + this.text;
	}

	/** Whether a zone contains this name. */
	public boolean isWithin(String zone) {
		String parent = canonical(zone);
		return this.text.equals(parent) || this.text.endsWith("." + parent);
	}

	/**
	 * Checks that a zone contains this name.
	 * @param zone the name of the zone
	 * @param setting the setting that has the name of the zone
	 * @throws SettingsRefusedException if the zone does not contain this name
	 */
	void requireWithin(String zone, String setting) {
		if (!isWithin(zone)) {
			throw new SettingsRefusedException(
					setting + "=" + zone + " does not contain switchboard.dns.pool=" + this.text + ".",
					"Name the zone to which the pool's name belongs.");
		}
	}

	@Override
	public String toString() {
		return this.text;
	}

}
