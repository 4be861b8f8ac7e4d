package dev.switchboard.database;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DatabaseSettingsTests {

	@Test
	void shouldBeSharedAtAUrl() {
		assertThat(new DatabaseSettings("r2dbc:mysql://db/switchboard", null, null).isShared()).isTrue();
	}

	@Test
	void shouldNotBeSharedWithoutAUrl() {
		assertThat(new DatabaseSettings(null, null, null).isShared()).isFalse();
		assertThat(new DatabaseSettings("", null, null).isShared()).isFalse();
	}

	@Test
	void shouldNotShowItsPassword() {
		assertThat(new DatabaseSettings("r2dbc:mysql://u:secret@db/switchboard", "u", "secret")).asString()
			.doesNotContain("secret");
	}

}
