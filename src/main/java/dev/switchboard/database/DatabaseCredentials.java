package dev.switchboard.database;

/**
 * The user as which a node connects to the database.
 */
public record DatabaseCredentials(String username, String password) {

	/** Does not show the password. */
	@Override
	public String toString() {
		return "DatabaseCredentials[username=" + this.username + "]";
	}

}
