package dev.switchboard.database;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Where the database is.
 *
 * @param url its R2DBC URL; without one the node has a database in its own memory
 * @param username the user, if the URL names none
 * @param password that user's password
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
