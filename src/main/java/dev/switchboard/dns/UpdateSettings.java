package dev.switchboard.dns;

import java.util.Base64;
import java.util.Locale;
import java.util.Map;

import dev.switchboard.problem.SettingsRefusedException;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TextParseException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of a DNS server that takes updates (RFC 2136).
 *
 * @param server the host name or address of the zone's primary server
 * @param port the port of the server
 * @param zone the zone, as the server has it
 * @param keyName the name of the key with which updates are signed (TSIG, RFC 8945)
 * @param keyAlgorithm the algorithm of the key: {@code hmac-sha256}, {@code hmac-sha384},
 * {@code hmac-sha512}, {@code hmac-sha224}, {@code hmac-sha1} or {@code hmac-md5}
 * @param keySecret the secret of the key in Base64
 */
@Validated
@ConfigurationProperties("switchboard.dns.rfc2136")
record UpdateSettings(@Nullable String server, @DefaultValue("53") @Min(1) @Max(65535) int port, @Nullable String zone,
		@Nullable String keyName, @DefaultValue("hmac-sha256") String keyAlgorithm, @Nullable String keySecret) {

	private static final String PREFIX = "switchboard.dns.rfc2136.";

	private static final Map<String, Name> ALGORITHMS = Map.of("hmac-sha224", TSIG.HMAC_SHA224, "hmac-sha256",
			TSIG.HMAC_SHA256, "hmac-sha384", TSIG.HMAC_SHA384, "hmac-sha512", TSIG.HMAC_SHA512, "hmac-sha1",
			TSIG.HMAC_SHA1, "hmac-md5", TSIG.HMAC_MD5);

	/**
	 * Returns the zone.
	 * @throws SettingsRefusedException if it is unset, or does not contain the pool's
	 * name
	 */
	Name zoneFor(PoolName pool) {
		String name = require(this.zone, "zone");
		PoolName.parse(PREFIX + "zone", name.contains(".") ? name : name + ".zone");
		pool.requireWithin(name, PREFIX + "zone");
		return name(PREFIX + "zone", name);
	}

	/**
	 * Returns the key.
	 * @throws SettingsRefusedException if a part of it is unset or wrong
	 */
	TSIG key() {
		Name algorithm = ALGORITHMS.get(PoolName.canonical(this.keyAlgorithm));
		if (algorithm == null) {
			throw new SettingsRefusedException(PREFIX + "key-algorithm=" + this.keyAlgorithm + " is no algorithm.",
					"Take one of " + String.join(", ", ALGORITHMS.keySet().stream().sorted().toList()) + ".");
		}
		return new TSIG(algorithm, name(PREFIX + "key-name", require(this.keyName, "key-name")), secret());
	}

	private byte[] secret() {
		try {
			byte[] secret = Base64.getDecoder().decode(require(this.keySecret, "key-secret").strip());
			if (secret.length > 0) {
				return secret;
			}
		}
		catch (IllegalArgumentException ex) {
			// It is reported below.
		}
		throw new SettingsRefusedException(PREFIX + "key-secret is not Base64.",
				"Take the secret as the server's configuration has it; tsig-keygen or keymgr makes one.");
	}

	private static Name name(String setting, String text) {
		try {
			return Name.fromString(text.toLowerCase(Locale.ROOT), Name.root);
		}
		catch (TextParseException ex) {
			throw new SettingsRefusedException(setting + "=" + text + " is no name of DNS.",
					"Write it as the server's configuration has it.");
		}
	}

	private static String require(@Nullable String value, String name) {
		if (value == null || value.isBlank()) {
			throw new SettingsRefusedException(PREFIX + name + " is not set, but " + PREFIX + "server is.",
					"Set " + PREFIX + "zone, key-name and key-secret as the server's configuration has them.");
		}
		return value;
	}

	@Override
	public String toString() {
		return "UpdateSettings[server=" + this.server + ", zone=" + this.zone + "]";
	}

}
