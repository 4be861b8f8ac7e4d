package dev.switchboard.directory;

import dev.switchboard.protocol.AgentId;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

class AgentWaitersTests {

	private static final AgentId AGENT = new AgentId("acme", "laptop");

	private static final AgentId OTHER = new AgentId("acme", "phone");

	private final AgentWaiters<String> waiters = new AgentWaiters<>();

	@Test
	void shouldGiveEveryWaiterOfAnAgentTheNextValue() {
		StepVerifier.create(Flux.merge(this.waiters.await(AGENT), this.waiters.await(AGENT)))
			.then(() -> this.waiters.announce(OTHER, "elsewhere"))
			.then(() -> this.waiters.announce(AGENT, "here"))
			.expectNext("here", "here")
			.verifyComplete();
		assertThat(this.waiters.agents()).isEmpty();
	}

	@Test
	void shouldNotWaitForAValueThatIsPresent() {
		StepVerifier.create(this.waiters.await(AGENT, () -> "present")).expectNext("present").verifyComplete();
		assertThat(this.waiters.agents()).isEmpty();
	}

	@Test
	void shouldForgetAnAgentWithItsLastWaiter() {
		Disposable first = this.waiters.await(AGENT).subscribe();
		Disposable second = this.waiters.await(AGENT).subscribe();
		first.dispose();
		assertThat(this.waiters.agents()).containsExactly(AGENT);
		second.dispose();
		assertThat(this.waiters.agents()).isEmpty();
	}

	@Test
	void shouldWaitAnewAfterAValue() {
		this.waiters.announce(AGENT, "missed");
		StepVerifier.create(this.waiters.await(AGENT))
			.then(() -> this.waiters.announce(AGENT, "next"))
			.expectNext("next")
			.verifyComplete();
	}

}
