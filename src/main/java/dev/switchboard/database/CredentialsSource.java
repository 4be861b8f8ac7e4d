package dev.switchboard.database;

import reactor.core.publisher.Mono;

/**
 * Where the credentials of the database come from if the settings do not have them.
 * Thread-safe.
 */
public interface CredentialsSource {

	/**
	 * Reads the credentials as they are now.
	 * @return the credentials; an error if they cannot be read
	 */
	Mono<DatabaseCredentials> read();

}
