package dev.switchboard.directory;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class SameRowsIT {

	/** For a whole check: {@code -Dswitchboard.histories=10000}. */
	private static final int HISTORIES = Integer.getInteger("switchboard.histories", 2_000);

	@Test
	void shouldLeaveTheSameRowsOnH2AndOnTheServer() {
		try (SameRows histories = new SameRows()) {
			histories.compare(HISTORIES);
		}
	}

}
