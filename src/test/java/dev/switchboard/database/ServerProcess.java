package dev.switchboard.database;

/** A database server with its own data, in a process that a test starts and stops. */
interface ServerProcess {

	/** Starts the server, and waits until it answers. */
	void start();

	/** Stops the server if it runs. */
	void stop();

}
