package dev.switchboard.simulator;

import dev.switchboard.simulator.agents.ScriptedGateway;
import dev.switchboard.simulator.bench.IdleProcess;
import dev.switchboard.simulator.bench.ServerProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@EnabledOnOs(OS.LINUX)
class FootprintCommandTests {

	@AutoClose
	private final IdleProcess server = new IdleProcess();

	private final long pid = this.server.pid();

	@Test
	void shouldSeeAProcessFromOutside() {
		ServerProcess seen = new ServerProcess(this.pid);
		assertThat(seen.cpuMicros()).isPositive();
		assertThat(seen.residentBytes()).isGreaterThan(seen.liveHeapBytes());
		assertThat(seen.liveHeapBytes()).isGreaterThan(1 << 18);
	}

	@Test
	void shouldReadAHistogramsTotal() {
		assertThat(ServerProcess.totalBytes("   1:  17  123  [B (java.base)\nTotal        177468       13102912\n"))
			.isEqualTo(13_102_912);
		assertThatIllegalStateException().isThrownBy(() -> ServerProcess.totalBytes("1: No such process"));
	}

	@Test
	void shouldConnectAndCloseInEveryRound() {
		try (ScriptedGateway gateway = ScriptedGateway.sendingFrames(ScriptedGateway.welcome())) {
			CommandOutput output = CommandOutput.of("footprint", "--agents=5", "--url=" + gateway.url(),
					"--server-pid=" + this.pid, "--warmup=1", "--rounds=2");
			assertThat(output.status()).isZero();
			assertThat(output.out()).containsSubsequence("warm-up round 1", "bytes a connection", "bytes a connection",
					"median of 2: heap ");
			assertThat(gateway.handshakes).hasSize(15);
		}
	}

	@Test
	void shouldFailIfAgentsCannotConnect() {
		try (ScriptedGateway gateway = ScriptedGateway.sending((out) -> out.sendClose(1013, "later"))) {
			CommandOutput output = CommandOutput.of("footprint", "--agents=2", "--url=" + gateway.url(),
					"--server-pid=" + this.pid);
			assertThat(output.status()).isOne();
			assertThat(output.err()).contains("not all agents connected").contains("(1013: ");
		}
	}

}
