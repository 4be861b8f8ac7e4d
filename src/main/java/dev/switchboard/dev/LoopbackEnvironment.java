package dev.switchboard.dev;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.switchboard.problem.SettingsRefusedException;
import dev.switchboard.security.SecuritySettings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Keeps {@code dev} mode on loopback, since it asks for no credentials. The default
 * address of every listener becomes 127.0.0.1, and an address that is set must be
 * loopback. If {@code switchboard.node.address} is loopback, it is the default address of
 * the forwarding listener. This post-processor runs last, when all property sources are
 * present.
 *
 * <p>
 * With {@code switchboard.dev.bind-all} only the forwarding listener stays on loopback.
 * The setting is for a container, whose loopback cannot be reached from outside.
 */
final class LoopbackEnvironment implements EnvironmentPostProcessor, Ordered {

	private static final String MANAGEMENT = "management.server.address";

	private static final String FORWARDING = "switchboard.forwarding.address";

	private static final String NODE = "switchboard.node.address";

	private static final List<String> ADDRESSES = List.of("server.address", MANAGEMENT, "switchboard.agent.address",
			FORWARDING);

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * @throws SettingsRefusedException if a listener's address is set and is not loopback
	 */
	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Binder binder = Binder.get(environment);
		SecuritySettings.Mode mode = binder.bind(SecuritySettings.PREFIX + ".mode", SecuritySettings.Mode.class)
			.orElse(SecuritySettings.Mode.DEV);
		if (mode != SecuritySettings.Mode.DEV) {
			return;
		}
		boolean bindAll = binder.bind(DevSettings.PREFIX + ".bind-all", Boolean.class).orElse(false);
		Map<String, Object> defaults = new HashMap<>();
		for (String property : bindAll ? List.of(FORWARDING) : ADDRESSES) {
			binder.bind(property, String.class).ifBound((address) -> requireLoopback(property, address));
			defaults.put(property, "127.0.0.1");
		}
		defaults.put(NODE, "127.0.0.1");
		binder.bind(NODE, String.class)
			.ifBound((address) -> defaults.computeIfPresent(FORWARDING,
					(_, loopback) -> isLoopback(address) ? address : loopback));
		if (ManagementPortType.get(environment) != ManagementPortType.DIFFERENT) {
			// Spring Boot refuses an address for management if management has no port of
			// its own.
			defaults.remove(MANAGEMENT);
		}
		environment.getPropertySources().addLast(new MapPropertySource("loopback", defaults));
	}

	private static void requireLoopback(String property, String address) {
		if (!isLoopback(address)) {
			throw new SettingsRefusedException(
					"In dev mode no credentials are asked for, so it listens on loopback only; but " + property
							+ " is set to '" + address + "'.",
					"Remove " + property + ", or set switchboard.security.mode=jwt and a way to check tokens:"
							+ " spring.security.oauth2.resourceserver.jwt.public-key-location, .jwk-set-uri or"
							+ " .issuer-uri");
		}
	}

	/**
	 * Whether an address is loopback. A blank address is not: a listener with it would be
	 * on every interface.
	 */
	private static boolean isLoopback(String address) {
		try {
			return !address.isBlank()
					&& Stream.of(InetAddress.getAllByName(address.strip())).allMatch(InetAddress::isLoopbackAddress);
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

}
