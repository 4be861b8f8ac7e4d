package dev.switchboard.contract;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.GatewayProcess;
import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/** A well-behaved agent and its caller, whose calls must go on while others misbehave. */
final class Neighbour implements AutoCloseable {

	private final Identity identity = Identity.fresh();

	private final Caller caller;

	private final TestAgent agent;

	private final AtomicInteger calls = new AtomicInteger();

	private volatile boolean closed;

	private volatile String disturbance = "";

	private final Thread answering;

	private final Thread calling;

	Neighbour(GatewayProcess gateway) throws Exception {
		this.caller = new Caller(gateway);
		this.agent = JdkAgent.connect(gateway, this.identity);
		this.answering = Thread.ofVirtual().start(this::answer);
		this.calling = Thread.ofVirtual().start(this::call);
	}

	/** Waits for more calls to end well, and fails if one ever did not. */
	void assertUndisturbed() {
		int before = this.calls.get();
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.calls.get() > before + 10 || !this.disturbance.isEmpty());
		assertThat(this.disturbance).isEmpty();
	}

	private void answer() {
		try {
			while (!this.closed) {
				this.agent.answer(this.agent.nextCall(), "\"fine\"");
			}
		}
		catch (Throwable ex) {
			disturbed("agent: " + ex);
		}
	}

	private void call() {
		try {
			while (!this.closed) {
				HttpResponse<String> response = this.caller.callAndWait(this.identity, Caller.BODY);
				if (!response.body().contains("\"fine\"")) {
					disturbed(response.body());
				}
				this.calls.incrementAndGet();
			}
		}
		catch (Throwable ex) {
			disturbed("caller: " + ex);
		}
	}

	private void disturbed(String how) {
		if (!this.closed) {
			this.disturbance = how;
		}
	}

	/** Its last call gets its answer, so that nothing of it is under way afterwards. */
	@Override
	public void close() throws IOException {
		this.closed = true;
		try {
			this.calling.join(Duration.ofSeconds(30));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.calling.interrupt();
		this.answering.interrupt();
		this.agent.close();
	}

}
