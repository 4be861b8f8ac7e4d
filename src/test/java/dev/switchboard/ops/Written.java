package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** Files of the repository that are made from others. */
final class Written {

	private Written() {
	}

	/**
	 * Fails if the file does not have this text. Then the text is under {@code target},
	 * from where it can be copied.
	 */
	static void compare(Path file, String text) throws IOException {
		if (!Files.exists(file) || !Files.readString(file).equals(text)) {
			Path made = Path.of("target", "written").resolve(file);
			Files.createDirectories(made.toAbsolutePath().getParent());
			Files.writeString(made, text);
		}
		assertThat(file).as("cp target/written/%s %s, after you have read the difference", file, file).hasContent(text);
	}

}
