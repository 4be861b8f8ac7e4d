package dev.switchboard.security;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.switchboard.connection.AgentConnection;
import dev.switchboard.connection.AgentCredentials;
import dev.switchboard.connection.ConnectionRegistry;
import dev.switchboard.connection.ScriptedSession;
import dev.switchboard.protocol.AgentId;
import io.netty.util.concurrent.DefaultEventExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import org.springframework.web.reactive.socket.CloseStatus;

import static org.assertj.core.api.Assertions.assertThat;

class WithdrawnKeysTests {

	private final DefaultEventExecutor loop = new DefaultEventExecutor();

	private final VirtualTimeScheduler clock = VirtualTimeScheduler.getOrSet();

	private final ConnectionRegistry registry = new ConnectionRegistry();

	private final Set<String> known = new HashSet<>(List.of("one", "two"));

	private final WithdrawnKeys keys = new WithdrawnKeys(this.known::contains, this.registry);

	@AfterEach
	void stop() {
		VirtualTimeScheduler.reset();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
	}

	/** An agent's session, its connection, and what the registry knows of it. */
	private final class Peer {

		private final ScriptedSession session = new ScriptedSession(WithdrawnKeysTests.this.loop);

		private final AgentConnection connection;

		Peer(String agent, String key) {
			this.connection = this.session.open(new AgentCredentials(new AgentId("acme", agent), null, key), 1);
			WithdrawnKeysTests.this.registry.add(this.connection);
		}

		private void assertOpen() {
			assertThat(this.session.closed()).isNull();
		}

		private void assertClosed(String reason) {
			assertThat(this.session.closed()).isEqualTo(new CloseStatus(4003, reason));
		}

	}

	private void withdraw(String key) {
		this.known.remove(key);
		this.keys.withdrawn(Set.of(key));
	}

	@Test
	void shouldCloseTheConnectionsOfTheKeyAfterTheGraceAndNoOthers() {
		Peer one = new Peer("a", "one");
		Peer two = new Peer("b", "two");
		withdraw("one");
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE.minusMillis(1));
		one.assertOpen();
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE);
		one.assertClosed("key withdrawn: one");
		two.assertOpen();
	}

	@Test
	void shouldCloseNothingWhenTheKeyIsBackInTime() {
		Peer one = new Peer("a", "one");
		withdraw("one");
		this.known.add("one");
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE);
		one.assertOpen();
	}

	@Test
	void shouldSpareAnAgentThatHasSentAFreshTokenOfAnotherKey() {
		Peer fresh = new Peer("a", "one");
		Peer stale = new Peer("b", "two");
		AgentId agent = fresh.connection.agent();
		fresh.connection.onLoop(() -> fresh.connection.renewCredentials(new AgentCredentials(agent, null, "two")));
		fresh.assertOpen();
		withdraw("one");
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE);
		fresh.assertOpen();
		withdraw("two");
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE);
		fresh.assertClosed("key withdrawn: two");
		stale.assertClosed("key withdrawn: two");
		assertThat(fresh.connection.agent()).isEqualTo(agent);
	}

	@Test
	void shouldCloseAConnectionThatIsRegisteredAfterItsKeyWasWithdrawn() {
		withdraw("one");
		this.clock.advanceTimeBy(WithdrawnKeys.GRACE);
		Peer late = new Peer("a", "one");
		Peer other = new Peer("b", "two");
		this.keys.registered(late.connection);
		this.keys.registered(other.connection);
		late.assertClosed("key withdrawn: one");
		other.assertOpen();
	}

	@Test
	void shouldNameAnyKeyInTheReasonOfAClose() {
		Peer odd = new Peer("a", "ключ\n" + "x".repeat(200));
		this.keys.registered(odd.connection);
		odd.assertClosed("key withdrawn: ?????" + "x".repeat(103));
	}

}
