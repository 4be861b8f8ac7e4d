package dev.switchboard.tenant;

import java.util.ArrayList;
import java.util.List;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;

class AdmittanceTests {

	private static final AgentId AGENT = new AgentId("acme", "till-7");

	private final Admittance admittance = new Admittance();

	private final List<Problem> refusals = new ArrayList<>();

	private Disposable await(AgentId agent) {
		return this.admittance.awaitRefusal(agent).map(ProblemException::problem).subscribe(this.refusals::add);
	}

	@Test
	void shouldEndTheWaitsForARevokedAgentAndNoOthers() {
		await(AGENT);
		await(AGENT);
		await(new AgentId("acme", "till-8"));
		await(new AgentId("other", "till-7"));
		this.admittance.revoke(AGENT);
		assertThat(this.refusals).containsExactly(Problem.AGENT_REVOKED, Problem.AGENT_REVOKED);
	}

	@Test
	void shouldEndTheWaitsForTheAgentsOfADisabledTenant() {
		await(AGENT);
		await(new AgentId("acme", "till-8"));
		await(new AgentId("other", "till-7"));
		this.admittance.disable("acme");
		assertThat(this.refusals).containsExactly(Problem.TENANT_DISABLED, Problem.TENANT_DISABLED);
	}

	@Test
	void shouldNotWaitForAnAgentThatIsKeptOutAlready() {
		this.admittance.revoke(AGENT);
		await(AGENT);
		assertThat(this.refusals).containsExactly(Problem.AGENT_REVOKED);
	}

	@Test
	void shouldWaitOnWhenAnAgentIsLetInAgain() {
		this.admittance.revoke(AGENT);
		this.admittance.restore(AGENT);
		Disposable waiting = await(AGENT);
		assertThat(this.refusals).isEmpty();
		waiting.dispose();
		this.admittance.revoke(AGENT);
		assertThat(this.refusals).isEmpty();
	}

}
