package dev.switchboard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Every class and every room that a page about the code names is there. */
class ClassNamesInDocumentsTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages("dev.switchboard");

	/** A class in code font, alone or as the owner of a method. */
	private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w*)(?:\\.\\w+)?(?:\\(\\))?`");

	/** A room in the first column of a table. */
	private static final Pattern ROOM = Pattern.compile("^\\| `([a-z]+)` \\|", Pattern.MULTILINE);

	@ParameterizedTest
	@ValueSource(strings = { "docs/inside.md", "RATIONALE.md" })
	void shouldNameClassesThatExist(String page) throws IOException {
		Set<String> classes = CLASSES.stream().map(JavaClass::getSimpleName).collect(Collectors.toSet());
		Set<String> named = find(CLASS, page);

		assertThat(named).hasSizeGreaterThan(10);
		assertThat(classes).containsAll(named);
	}

	@Test
	void shouldNameEveryRoom() throws IOException {
		Set<String> rooms = CLASSES.stream()
			.map((type) -> type.getPackageName().split("\\."))
			.filter((parts) -> parts.length > 2)
			.map((parts) -> parts[2])
			.collect(Collectors.toCollection(TreeSet::new));

		assertThat(find(ROOM, "docs/inside.md")).isEqualTo(rooms);
	}

	private static Set<String> find(Pattern pattern, String page) throws IOException {
		Matcher matcher = pattern.matcher(Files.readString(Path.of(page)));
		Set<String> found = new TreeSet<>();
		while (matcher.find()) {
			found.add(matcher.group(1));
		}
		return found;
	}

}
