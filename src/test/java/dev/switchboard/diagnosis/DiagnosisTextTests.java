package dev.switchboard.diagnosis;

import java.nio.charset.StandardCharsets;

import dev.switchboard.json.Envelope;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DiagnosisTextTests {

	@Test
	void shouldBeginWithTheReasonAndListOnlyWhatThereIs() {
		assertThat(DiagnosisText.lines(
				read("""
						{"because":"The agent is connected.","presence":"online","node":"n","roundTripMillis":12,"queuedBytes":0,
						"callsInFlight":1,"lastCloses":[{"at":"T","code":4001,"reason":"heartbeat missed","node":"n"}],
						"refusedHandshakes":[],"recentCalls":[{"at":"T","id":"c","method":"m","outcome":"unknown",
						"problem":"agent-disconnected","millis":5}],"clonedFrom":[]}""")))
			.containsExactly("The agent is connected.", "", "presence         online", "node             n",
					"round trip       12 ms", "queued           0 bytes", "calls in flight  1", "", "Ended connections",
					"  T  4001 heartbeat missed, on node n", "", "Calls",
					"  T  m: unknown (agent-disconnected) after 5 ms, c");
	}

	@Test
	void shouldNotLetTextsOfAgentsControlTheTerminal() {
		assertThat(DiagnosisText.lines(
				read("""
						{"because":"x","presence":"offline","lastCloses":[{"at":"T","code":1000,
						"reason":"\\u001b[2Jgone\\n\\u202e","node":"n"}],"refusedHandshakes":[],"recentCalls":[],"clonedFrom":[]}""")))
			.last()
			.isEqualTo("  T  1000 ?[2Jgone??, on node n");
	}

	private static Envelope read(String json) {
		return Envelope.parse(json.getBytes(StandardCharsets.UTF_8));
	}

}
