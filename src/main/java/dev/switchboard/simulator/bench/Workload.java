package dev.switchboard.simulator.bench;

/** A sequence of numbered requests, each of which has one right answer. Thread-safe. */
interface Workload {

	/** What the requests are, for a report. */
	String name();

	/** The bytes of the numbered request, as ISO 8859-1. */
	String request(long number);

	/** Whether the response is the numbered request's. */
	Verdict check(long number, HttpResponse response);

}
