package dev.switchboard;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** Which room may know which: each only those before it. */
@AnalyzeClasses(packages = "dev.switchboard", importOptions = DoNotIncludeTests.class)
class ArchitectureTests {

	private static final String OURS = "dev.switchboard..";

	@ArchTest
	static final ArchRule protocolKnowsNothing = onlyKnows("protocol");

	@ArchTest
	static final ArchRule transportKnowsNothingOfOurs = onlyKnows("transport");

	@ArchTest
	static final ArchRule directoryKnowsProtocol = onlyKnows("directory", "protocol");

	@ArchTest
	static final ArchRule connectionKnowsDirectory = onlyKnows("connection", "protocol", "transport", "directory");

	@ArchTest
	static final ArchRule callKnowsConnection = onlyKnows("call", "protocol", "directory", "connection");

	@ArchTest
	static final ArchRule forwardingKnowsCall = onlyKnows("forwarding", "protocol", "directory", "connection", "call",
			"security");

	@ArchTest
	static final ArchRule agentKnowsProtocol = onlyKnows("agent", "protocol");

	@ArchTest
	static final ArchRule fleetKnowsProtocol = onlyKnows("fleet", "protocol");

	@ArchTest
	static final ArchRule protocolAndAgentNeedOnlyTheJdk = noClasses().that()
		.resideInAnyPackage("dev.switchboard.protocol..", "dev.switchboard.agent..")
		.should()
		.dependOnClassesThat()
		.resideInAnyPackage("org.springframework..", "io.netty..", "reactor..");

	@ArchTest
	static final ArchRule thereAreNoCycles = slices().matching("dev.switchboard.(*)..").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule nothingBlocks = noClasses().that()
		.resideOutsideOfPackages("dev.switchboard.agent..", "dev.switchboard.fleet..")
		.should()
		.callMethodWhere(target(nameMatching("block(First|Last)?"))
			.and(target(owner(assignableTo(Mono.class).or(assignableTo(Flux.class))))));

	private static ArchRule onlyKnows(String room, String... before) {
		String[] allowed = new String[before.length + 1];
		allowed[0] = "dev.switchboard." + room + "..";
		for (int i = 0; i < before.length; i++) {
			allowed[i + 1] = "dev.switchboard." + before[i] + "..";
		}
		return classes().that()
			.resideInAPackage(allowed[0])
			.should()
			.onlyDependOnClassesThat(resideOutsideOfPackage(OURS).or(resideInAnyPackage(allowed)));
	}

}
