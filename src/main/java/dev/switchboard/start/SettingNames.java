package dev.switchboard.start;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import tools.jackson.databind.json.JsonMapper;

/**
 * The names of all settings, ours and Spring Boot's. The annotation processor writes them
 * into each jar when the jar is built. Names are compared as Spring does it: case, dashes
 * and underscores do not matter. Immutable.
 */
final class SettingNames {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/** A place in a list, or a key of a map, at the end of a setting's name. */
	private static final Pattern INDEX = Pattern.compile("\\[.*");

	/** A place in a list, at the end of a variable's name. */
	private static final Pattern VARIABLE_INDEX = Pattern.compile("(_\\d+)+$");

	private final List<String> names;

	private final Set<String> uniform = new HashSet<>();

	private final Set<String> variables = new HashSet<>();

	SettingNames(Collection<String> names) {
		this.names = List.copyOf(names);
		for (String name : names) {
			this.uniform.add(uniform(name));
			this.variables.add(upper(uniform(name)));
			this.variables.add(upper(name.replace('-', '_')));
		}
	}

	/** Reads the names from all jars of the class path. */
	static SettingNames read() {
		try {
			List<URL> metadata = Collections.list(SettingNames.class.getClassLoader().getResources(METADATA));
			return new SettingNames(metadata.stream().flatMap(SettingNames::in).toList());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<String> in(URL metadata) {
		try (InputStream json = metadata.openStream()) {
			return JsonMapper.shared()
				.readTree(json)
				.path("properties")
				.valueStream()
				.map((property) -> property.path("name").asString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String uniform(String name) {
		return INDEX.matcher(name).replaceFirst("").replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
	}

	private static String upper(String name) {
		return name.replace('.', '_').toUpperCase(Locale.ROOT);
	}

	/**
	 * Returns the settings below a prefix, in alphabetical order; none if the class path
	 * has no metadata.
	 */
	List<String> under(String prefix) {
		return this.names.stream().filter((name) -> name.startsWith(prefix + ".")).sorted().distinct().toList();
	}

	/** Whether a name is a setting, or is below a setting that is a map. */
	boolean isKnown(String name) {
		String left = uniform(name);
		while (!this.uniform.contains(left)) {
			int dot = left.lastIndexOf('.');
			if (dot < 0) {
				return false;
			}
			left = left.substring(0, dot);
		}
		return true;
	}

	/** Whether an environment variable is a setting. */
	boolean isKnownVariable(String variable) {
		return this.variables.contains(VARIABLE_INDEX.matcher(variable).replaceFirst(""));
	}

	/**
	 * Returns the setting that was probably meant by a name; empty if none is similar.
	 */
	Optional<String> nearest(String name) {
		return shortest((known) -> known.startsWith(name)).or(() -> EditDistance.nearest(name, this.names))
			.or(() -> shortest((known) -> known.endsWith("." + name)));
	}

	private Optional<String> shortest(Predicate<String> like) {
		return this.names.stream().filter(like).min(Comparator.comparingInt(String::length));
	}

	/**
	 * Returns the variable that was probably meant by a name; empty if none is similar.
	 */
	Optional<String> nearestVariable(String variable) {
		return EditDistance.nearest(variable, this.variables);
	}

}
