package dev.switchboard.directory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import dev.switchboard.database.DatabaseConnections;
import dev.switchboard.database.MariaDbServer;
import dev.switchboard.forwarding.Relay;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A writer becomes read-only, and its name leads to a new writer. */
class FailoverIT {

	private static final String USER = "plain";

	private static final MariaDbServer first = new MariaDbServer();

	private final MariaDbServer second = MariaDbServer.shared();

	private final String database = first.createDatabase();

	private Relay name;

	private TestNode node;

	@BeforeAll
	static void askForRights() {
		first.secure();
	}

	@AfterAll
	static void stopServer() {
		first.stop();
	}

	@BeforeEach
	void start() throws IOException {
		this.second.run("CREATE DATABASE " + this.database);
		first.createUser(USER, this.database);
		this.second.createUser(USER, this.database);
		this.name = new Relay(first.port());
		String url = "r2dbc:mysql://127.0.0.1:" + this.name.port() + "/" + this.database + "?sslMode=disabled";
		this.node = new TestNode(DatabaseConnections.at(url, USER, ""), Duration.ofSeconds(3));
		this.node.membership.start();
		await().atMost(LIMIT).until(this.node.membership::isAnswering);
		assertThat(get(this.node.agents.claim(claim("early")))).isTrue();
	}

	@AfterEach
	void stop() throws IOException {
		first.run("SET GLOBAL read_only = 0");
		this.node.close();
		this.name.close();
	}

	private static Claim claim(String agent) {
		return new Claim(new AgentId("acme", agent), TestIds.connection(), 7, Instant.EPOCH, null);
	}

	@Test
	void shouldGoToTheNewWriterThoughTheOldOneStillAnswers() {
		this.name.lead(this.second.port());
		first.run("SET GLOBAL read_only = 1");
		assertThat(this.node.agents.claim(claim("late")).toFuture()).succeedsWithin(LIMIT).isEqualTo(true);
		assertThat(this.second.select("SELECT agent FROM " + this.database + ".agents WHERE agent = 'late'",
				(row) -> String.valueOf(row.get(0))))
			.hasSize(1);
		await().atMost(LIMIT).until(() -> this.node.member.losses.get() > 0);
		await().atMost(LIMIT).until(this.node.agents::takesClaims);
	}

	@Test
	void shouldKnowWhileItReadsThatNoClaimsAreTaken() {
		assertThat(this.node.agents.takesClaims()).isTrue();
		first.run("SET GLOBAL read_only = 1");
		await().atMost(LIMIT).until(() -> !this.node.agents.takesClaims());
		assertThat(get(this.node.agents.locate(claim("early").agent(), LIMIT)).online()).isTrue();
		first.run("SET GLOBAL read_only = 0");
		await().atMost(LIMIT).until(this.node.agents::takesClaims);
	}

}
