package dev.switchboard.usage;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.quota.KnownQuotas;
import dev.switchboard.quota.Quota;
import dev.switchboard.quota.Quotas;
import dev.switchboard.quota.TenantLimits;
import dev.switchboard.time.ManualTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConnectionQuotasTests {

	private final KnownQuotas quotas = new KnownQuotas(Quotas.of((_) -> 1000));

	private final TenantLimits limits = new TenantLimits(this.quotas, new ManualTime());

	private final Set<AgentId> here = new HashSet<>();

	private final ConnectionQuotas connections = new ConnectionQuotas(this.limits, this.here::contains);

	private static AgentId agent(int number) {
		return new AgentId("acme", "agent-" + number);
	}

	private void connect(AgentId agent) {
		this.connections.require(agent);
		this.limits.connections("acme").enter();
		this.here.add(agent);
	}

	@Test
	void shouldRefuseAHandshakeBeyondTheQuotaOfConnections() {
		this.quotas.set("acme", Map.of(Quota.CONNECTIONS, 2L));
		connect(agent(1));
		connect(agent(2));
		assertThatThrownBy(() -> this.connections.require(agent(3))).isInstanceOfSatisfying(ProblemException.class,
				(refusal) -> {
					assertThat(refusal.problem()).isEqualTo(Problem.UNAVAILABLE);
					assertThat(refusal.detail()).contains("connections (2 ");
					assertThat(refusal.retryWithin()).isNotNull();
				});
		this.connections.require(new AgentId("other", "agent-3"));
	}

	/** nats-io/nats-server #6477: at the limit, replacing counts as one more. */
	@Test
	void shouldLetAnAgentReplaceItsConnectionAtTheLimit() {
		this.quotas.set("acme", Map.of(Quota.CONNECTIONS, 2L));
		connect(agent(1));
		connect(agent(2));
		connect(agent(2));
		this.limits.connections("acme").leave();
		assertThatThrownBy(() -> this.connections.require(agent(3))).isInstanceOf(ProblemException.class);
		this.limits.connections("acme").leave();
		this.connections.require(agent(3));
	}

	@Test
	void shouldCountHandshakesThatAreUnderWay() {
		this.quotas.set("acme", Map.of(Quota.CONNECTIONS, 2L));
		this.connections.require(agent(1));
		this.connections.require(agent(2));
		assertThatThrownBy(() -> this.connections.require(agent(3))).isInstanceOf(ProblemException.class);
	}

	@Test
	void shouldRefuseHandshakesBeyondTheirRate() {
		this.quotas.set("acme", Map.of(Quota.HANDSHAKES_PER_SECOND, 3L));
		for (int i = 0; i < 3; i++) {
			this.connections.require(agent(i));
		}
		assertThatThrownBy(() -> this.connections.require(agent(3))).isInstanceOfSatisfying(ProblemException.class,
				(refusal) -> assertThat(refusal.detail()).contains("handshakesPerSecond (3 "));
	}

}
