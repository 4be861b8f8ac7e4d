package dev.switchboard.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The dashboards follow Grafana's schema, which Grafana publishes as types of TypeScript.
 * Needs Node.js, npm and the network: {@code mvn -Pdebian verify}.
 */
@Tag("debian")
class GrafanaSchemaIT {

	private static final Path TYPES = Path.of("src/test/resources/dev/switchboard/ops/grafana");

	@Test
	void shouldFollowTheSchema(@TempDir Path folder) throws Exception {
		for (String file : List.of("package.json", "tsconfig.json")) {
			Files.copy(TYPES.resolve(file), folder.resolve(file));
		}
		Server.run(folder, "npm", "install", "--no-audit", "--no-fund");
		for (Path dashboard : Dashboards.files()) {
			String json = Files.readString(dashboard);
			check(folder, json);
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> check(folder, json.replaceFirst("\"mode\": \"absolute\"", "\"mode\": \"absurd\"")));
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> check(folder, json.replaceFirst("\"schemaVersion\"", "\"schemeVersion\"")));
		}
	}

	private static void check(Path folder, String json) throws IOException, InterruptedException {
		Files.writeString(folder.resolve("dashboard.ts"), Files.readString(TYPES.resolve("head.ts"))
				+ "export const dashboard: Plain<Dashboard> = " + json + ";\n");
		Server.run(folder, "npx", "tsc");
	}

}
