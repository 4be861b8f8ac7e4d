package dev.switchboard.ops;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Needs Debian's systemd: {@code mvn -Pdebian verify}. */
@Tag("debian")
class ServiceUnitIT {

	private static final Path UNIT = Path.of("examples/systemd/switchboard.service");

	@Test
	void shouldBeAUnitThatSystemdUnderstands(@TempDir Path folder) throws Exception {
		// A machine where tests run need not have Java in this place.
		Files.writeString(folder.resolve("switchboard.service"),
				Files.readString(UNIT).replace("ExecStart=/usr/bin/java", "ExecStart=/bin/true"));
		assertThat(Server.run(folder, "systemd-analyze", "verify", "--recursive-errors=no", "./switchboard.service"))
			.doesNotContain("switchboard.service:");
	}

	@Test
	void shouldGiveTheNodeFewRights(@TempDir Path folder) throws Exception {
		Files.copy(UNIT, folder.resolve("switchboard.service"));
		assertThat(Server.run(folder, "systemd-analyze", "security", "--offline=true", "--threshold=25",
				"./switchboard.service"))
			.contains("Overall exposure level");
	}

}
