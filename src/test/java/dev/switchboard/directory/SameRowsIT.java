package dev.switchboard.directory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SameRowsIT {

	@Test
	void shouldLeaveTheSameRowsOnH2AndOnTheServer() {
		try (SameRows histories = new SameRows()) {
			histories.compare(10_000);
		}
	}

}
