package dev.switchboard.ops;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

@DisplayName("The jar of the server")
class JarContentsIT {

	private static final String LIBRARIES = "BOOT-INF/lib/";

	/** Spring Boot's plugin adds it when it packs the jar. It takes the jar apart. */
	private static final String OF_THE_PACKER = "spring-boot-jarmode-tools";

	@AutoClose
	private final JarFile jar;

	JarContentsIT() throws IOException {
		this.jar = new JarFile("target/switchboard.jar");
	}

	private Set<String> libraries() {
		return this.jar.stream()
			.map(JarEntry::getName)
			.filter((name) -> name.startsWith(LIBRARIES) && name.endsWith(".jar"))
			.map((name) -> name.substring(LIBRARIES.length()))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private InputStream open(String name) throws IOException {
		return this.jar.getInputStream(this.jar.getEntry(name));
	}

	@Test
	@DisplayName("its bill of materials (CycloneDX) names each library")
	void shouldNameEachLibrary() throws Exception {
		JsonNode bill;
		try (InputStream file = open("META-INF/sbom/application.cdx.json")) {
			bill = new JsonMapper().readTree(file);
		}
		assertThat(bill.path("bomFormat").asString()).isEqualTo("CycloneDX");
		List<String> named = bill.path("components")
			.valueStream()
			.map((component) -> component.path("name").asString() + "-" + component.path("version").asString())
			.toList();
		assertThat(libraries()).filteredOn((library) -> !library.startsWith(OF_THE_PACKER))
			.isNotEmpty()
			.allSatisfy((library) -> assertThat(named).anyMatch((name) -> isOf(library, name)));
		assertThat(bill.path("components").valueStream()).isNotEmpty()
			.allSatisfy((component) -> assertThat(component.path("purl").asString()).startsWith("pkg:maven/"));
	}

	/** Whether a jar is that of a component, or the part of it for a system. */
	private static boolean isOf(String library, String component) {
		return library.equals(component + ".jar") || library.startsWith(component + "-");
	}

	@Test
	@DisplayName("has native code for Linux only, and no second HTTP client and no second language")
	void shouldHaveNothingThatAServerDoesNotNeed() {
		assertThat(libraries()).noneMatch((library) -> library.matches(".*(osx|macos|windows|native-quic).*"))
			.noneMatch((library) -> library.matches("(okhttp|okio|kotlin|httpclient|apache).*"));
		assertThat(libraries()).filteredOn((library) -> library.contains("native"))
			.isNotEmpty()
			.allMatch((library) -> library.matches(".*(linux-(x86_64|aarch_64)|unix-common).*"));
	}

	@Test
	@DisplayName("has one time for all its files, so that each build of a commit makes the same jar")
	void shouldHaveOneTime() throws Exception {
		Properties info = new Properties();
		try (InputStream file = open("META-INF/build-info.properties")) {
			info.load(file);
		}
		assertThat(this.jar.stream().map(JarEntry::getTimeLocal).distinct()).hasSize(1);
		assertThat(info.getProperty("build.time")).isNotNull()
			.isEqualTo(this.jar.stream().map((entry) -> entry.getTimeLocal() + ":00Z").findFirst().orElseThrow());
	}

}
