package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * The settings of the database.
 *
 * @param url the R2DBC URL of the database; if unset, the node has a database in its own
 * memory
 * @param username the user; if unset, the user in the URL
 * @param password the user's password; if unset, the password in the URL
 */
@Validated
@ConfigurationProperties("spring.r2dbc")
public record DatabaseSettings(@Nullable String url, @Nullable String username, @Nullable String password) {

	/** Whether other nodes may use the same database. */
	public boolean isShared() {
		return this.url != null && !this.url.isEmpty();
	}

	@Override
	public String toString() {
		return "DatabaseSettings[shared=" + isShared() + "]";
	}

}
