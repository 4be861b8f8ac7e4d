package dev.switchboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.assertj.core.api.SoftAssertions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/** The map of the rooms: each room uses only rooms that stand before it here. */
@AnalyzeClasses(packages = "dev.switchboard", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String OURS = "dev.switchboard";

	/** Every room, and the rooms that it may use. */
	private static final Map<String, Set<String>> ROOMS = new LinkedHashMap<>();

	static {
		room("time");
		room("log", "time");
		room("json");
		room("protocol", "json");
		room("problem", "time", "json", "protocol");
		room("audit", "time", "log", "json", "problem");
		room("start", "problem");
		room("tls", "problem");
		room("loop", "time");
		room("quota", "time", "problem");
		room("transport", "time", "loop");
		room("listener", "time", "problem", "loop", "tls");
		room("database", "time", "problem");
		room("node", "time", "protocol", "database");
		room("directory", "time", "json", "protocol", "database", "node");
		room("label", "time", "json", "protocol", "database", "directory");
		room("connection", "time", "json", "protocol", "loop", "quota", "transport", "node", "directory", "label");
		room("event", "time", "json", "protocol", "problem", "quota", "database", "node", "connection");
		room("relay", "time", "json", "protocol", "problem", "database", "node", "event");
		room("presence", "time", "json", "protocol", "database", "node", "directory", "connection");
		room("handshake", "time", "protocol", "problem", "loop", "tls", "quota", "transport", "listener", "node",
				"directory", "connection");
		room("tenant", "time", "json", "protocol", "problem", "database", "node", "directory", "connection", "quota",
				"handshake");
		room("routing", "time", "json", "protocol", "problem", "database", "node", "directory", "label", "connection",
				"tenant");
		room("forwarding", "time", "json", "protocol", "problem", "loop", "tls", "listener", "database", "node",
				"directory", "connection", "routing");
		room("call", "time", "json", "protocol", "problem", "quota", "database", "node", "directory", "connection",
				"routing");
		room("usage", "time", "json", "protocol", "quota", "node", "connection", "handshake", "routing");
		room("fanout", "time", "json", "protocol", "problem", "loop", "quota", "listener", "database", "directory",
				"label", "connection", "routing");
		room("push", "time", "json", "protocol", "problem", "quota", "database", "node", "directory", "connection",
				"routing", "tenant");
		room("diagnosis", "time", "json", "protocol", "problem", "database", "node", "connection", "handshake",
				"routing", "call", "tenant");
		room("token", "time", "protocol", "problem");
		room("security", "time", "audit", "protocol", "problem", "listener", "connection", "handshake", "forwarding",
				"token");
		room("agent", "json", "protocol");
		room("dev", "json", "problem", "connection", "handshake", "security", "agent");
		room("drain", "time", "log", "json", "protocol", "problem", "listener", "database", "node", "connection",
				"handshake", "routing", "forwarding", "call");
		room("overload", "time", "problem", "listener", "node", "connection", "handshake", "drain");
		room("rebalance", "time", "json", "protocol", "problem", "database", "node", "directory", "connection",
				"handshake", "routing", "drain");
		room("api", "time", "audit", "json", "protocol", "problem", "listener", "database", "node", "directory",
				"label", "connection", "event", "relay", "routing", "call", "push", "fanout", "diagnosis", "token",
				"drain", "rebalance", "quota", "tenant");
		room("console", "problem");
		room("dns", "time", "protocol", "problem", "node");
		room("aws", "time", "json", "protocol", "problem", "database", "node", "connection", "event", "relay", "dns",
				"drain");
		room("simulator.agents", "json", "protocol");
		room("simulator.bench", "json", "simulator.agents");
		room("simulator", "simulator.agents", "simulator.bench");
	}

	private static void room(String name, String... mayUse) {
		ROOMS.put(name, Set.of(mayUse));
	}

	@ArchTest
	static void everyPackageIsARoomWithARule(JavaClasses classes) {
		Set<String> packages = classes.stream()
			.map((type) -> roomOf(type.getPackageName()))
			.collect(Collectors.toSet());
		assertThat(packages).containsExactlyInAnyOrderElementsOf(
				Stream.concat(ROOMS.keySet().stream(), Stream.of("the root")).toList());
	}

	@ArchTest
	static void everyRoomUsesOnlyTheRoomsOfItsRule(JavaClasses classes) {
		Map<String, Set<String>> used = new HashMap<>();
		classes.stream()
			.flatMap((type) -> type.getDirectDependenciesFromSelf().stream())
			.forEach(
					(use) -> used.computeIfAbsent(roomOf(use.getOriginClass().getPackageName()), (_) -> new TreeSet<>())
						.add(roomOf(use.getTargetClass().getPackageName())));
		SoftAssertions.assertSoftly(
				(softly) -> ROOMS.forEach((room, mayUse) -> softly.assertThat(used.getOrDefault(room, Set.of()))
					.as("rooms that %s uses", room)
					.isSubsetOf(Stream.concat(mayUse.stream(), Stream.of(room, "")).toList())));
	}

	/**
	 * The room of a package, such as {@code simulator.bench}; empty if it is not ours.
	 */
	private static String roomOf(String packageName) {
		if (packageName.equals(OURS)) {
			return "the root";
		}
		return packageName.startsWith(OURS + ".") ? packageName.substring(OURS.length() + 1) : "";
	}

	@ArchTest
	static void noFileIsLongerThan250Lines(JavaClasses classes) throws IOException {
		try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
			Map<Path, Long> lines = files.filter((file) -> file.toString().endsWith(".java"))
				.collect(Collectors.toMap(Function.identity(), ArchitectureTests::lines));
			assertThat(lines).isNotEmpty().allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(250L));
		}
	}

	private static long lines(Path file) {
		try {
			return Files.readAllLines(file).size();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@ArchTest
	static final ArchRule protocolAndAgentNeedOnlyTheJdk = noClasses().that()
		.resideInAnyPackage("dev.switchboard.json..", "dev.switchboard.protocol..", "dev.switchboard.agent..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.netty..", "reactor..");

	@ArchTest
	static final ArchRule thereAreNoCycles = slices().matching("dev.switchboard.(**)").should().beFreeOfCycles();

	/** It gets its text from the transport, which has checked it. */
	@ArchTest
	static final ArchRule onlyTheAgentReceiverDecodesTextWithoutACheckOfUtf8 = noClasses().that()
		.resideOutsideOfPackages("dev.switchboard.json..", "dev.switchboard.protocol..")
		.and()
		.doNotHaveSimpleName("AgentReceiver")
		.should()
		.callMethodWhere(target(nameMatching("decodeUtf8FromAgent|parseUtf8")));

	@ArchTest
	static final ArchRule noEventLoopBlocks = noClasses().that()
		.resideOutsideOfPackages("dev.switchboard.agent..", "dev.switchboard.simulator..")
		.should()
		.callMethodWhere(target(nameMatching("block(First|Last)?"))
			.and(target(owner(assignableTo(Mono.class).or(assignableTo(Flux.class))))));

	/** The agent library and the simulator are processes of their own, with real time. */
	@ArchTest
	static final ArchRule timeAndChanceComeThroughTheSeam = noClasses().that()
		.resideOutsideOfPackages("dev.switchboard.time..", "dev.switchboard.agent..", "dev.switchboard.simulator..")
		.should()
		.accessTargetWhere(member("System", "nanoTime|currentTimeMillis"))
		.orShould()
		.accessTargetWhere(member("Instant|LocalDateTime|ZonedDateTime|OffsetDateTime", "now"))
		.orShould()
		.accessTargetWhere(member("Clock|InstantSource", "system.*"))
		.orShould()
		.accessTargetWhere(member("ThreadLocalRandom", "current"))
		.orShould()
		.accessTargetWhere(member("Random|SecureRandom|SplittableRandom", "<init>"))
		.orShould()
		.accessTargetWhere(member("UUID", "randomUUID"))
		.orShould()
		.accessTargetWhere(member("Math", "random"))
		.orShould()
		.accessTargetWhere(member("Retry|RetrySpec|RetryBackoffSpec", "backoff|jitter"));

	private static DescribedPredicate<JavaAccess<?>> member(String owner, String member) {
		return DescribedPredicate.describe("the target is " + owner + "." + member,
				(access) -> access.getTargetOwner().getSimpleName().matches(owner)
						&& access.getTarget().getName().matches(member));
	}

}
