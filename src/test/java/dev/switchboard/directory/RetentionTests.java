package dev.switchboard.directory;

import java.time.Duration;
import java.time.Instant;

import dev.switchboard.database.TestDatabase;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.TestIds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import static dev.switchboard.directory.TestNode.LIMIT;
import static dev.switchboard.directory.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

@ParameterizedClass
@EnumSource
class RetentionTests {

	private static final Duration RETENTION = Duration.ofDays(1);

	private final TestNode node;

	RetentionTests(TestDatabase kind) {
		this.node = new TestNode(kind.create(), Duration.ofSeconds(15), new DirectorySettings(RETENTION, 10_000));
		get(this.node.register());
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	private static Claim claim(String agent) {
		return new Claim(new AgentId("acme", agent), TestIds.connection(), 1, Instant.EPOCH, null);
	}

	private void seen(String agent, Instant when) {
		this.node.agents.release(claim(agent), when, null).block(LIMIT);
	}

	@Test
	void shouldForgetAgentsThatWereUnseenForTooLong() {
		Instant now = this.node.clock.now();
		seen("old", now.minus(RETENTION).minusSeconds(60));
		seen("recent", now.minus(RETENTION).plusSeconds(60));
		this.node.retention.sweep().block(LIMIT);
		assertThat(this.node.agents.locate(claim("old").agent(), LIMIT).block()).isNull();
		assertThat(this.node.agents.locate(claim("recent").agent(), LIMIT).block()).isNotNull();
	}

	@Test
	void shouldKeepAnAgentThatIsHeldHoweverLong() {
		get(this.node.agents.claim(claim("held")));
		this.node.retention.sweep().block(LIMIT);
		assertThat(this.node.agents.locate(claim("held").agent(), LIMIT).block()).isNotNull();
	}

	@Test
	void shouldForgetInBatches() {
		Flux.range(0, 1200)
			.flatMap((i) -> this.node.agents.release(claim("a" + i), Instant.EPOCH, null), 1200)
			.blockLast(LIMIT);
		double before = this.node.statements("retention");
		this.node.retention.sweep().block(LIMIT);
		assertThat(this.node.count("agents")).isZero();
		assertThat(this.node.statements("retention") - before).isEqualTo(4);
	}

}
