package dev.switchboard.database;

/** A database server on data of its own, as a process that a test starts and stops. */
interface ServerProcess {

	/** Starts it, and waits until it answers. */
	void start();

	/** Stops it, if it runs. */
	void stop();

}
