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
 * The names of all settings, ours and Spring Boot's, as the annotation processor writes
 * them into each jar when it is built. Names are compared as Spring binds them: without
 * regard to case, dashes and underscores. Immutable.
 */
final class SettingNames {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	/** A place in a list, or a key of a map. */
	private static final Pattern INDEX = Pattern.compile("\\[.*");

	/** A place in a list, as the name of a variable ends. */
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
	 * The settings below a prefix, in the order of the alphabet; none in a class path
	 * without metadata.
	 */
	List<String> under(String prefix) {
		return this.names.stream().filter((name) -> name.startsWith(prefix + ".")).sorted().distinct().toList();
	}

	/** Whether this is a setting, or below one that is a map. */
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

	/** The setting that is probably meant by this one; empty if none is like it. */
	Optional<String> nearest(String name) {
		return shortest((known) -> known.startsWith(name)).or(() -> EditDistance.nearest(name, this.names))
			.or(() -> shortest((known) -> known.endsWith("." + name)));
	}

	private Optional<String> shortest(Predicate<String> like) {
		return this.names.stream().filter(like).min(Comparator.comparingInt(String::length));
	}

	/** The variable that is probably meant by this one; empty if none is like it. */
	Optional<String> nearestVariable(String variable) {
		return EditDistance.nearest(variable, this.variables);
	}

}
