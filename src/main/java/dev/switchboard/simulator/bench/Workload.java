package dev.switchboard.simulator.bench;

/** A sequence of numbered requests, each of which has one right answer. Thread-safe. */
interface Workload {

	/** Returns the name of the requests in a report. */
	String name();

	/** Returns the request with this number, as text in ISO 8859-1. */
	String request(long number);

	/** Judges whether the response is the correct one to the request with this number. */
	Verdict check(long number, HttpResponse response);

}
