package dev.switchboard.simulator.bench;

/** A sequence of numbered requests, each of which has one right answer. Thread-safe. */
interface Workload {

	/** The name of the requests in a report. */
	String name();

	/** The bytes of the request with this number, as ISO 8859-1. */
	String request(long number);

	/** Whether the response is the correct one to the request with this number. */
	Verdict check(long number, HttpResponse response);

}
