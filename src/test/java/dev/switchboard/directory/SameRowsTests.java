package dev.switchboard.directory;

import org.junit.jupiter.api.Test;

class SameRowsTests {

	@Test
	void shouldLeaveTheSameRowsOnH2AndOnTheServer() {
		try (SameRows histories = new SameRows()) {
			histories.compare(400);
		}
	}

}
