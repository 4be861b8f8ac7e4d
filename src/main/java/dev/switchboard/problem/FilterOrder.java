package dev.switchboard.problem;

import org.springframework.core.Ordered;

/**
 * The order of all web filters and exception handlers of the API and management ports.
 * Filters with a lower number see a request earlier and its response later.
 */
public final class FilterOrder {

	/** The filter that counts responses, including those that other filters write. */
	public static final int METRICS = Ordered.HIGHEST_PRECEDENCE;

	/** The filter that adds headers for browsers to all answers, refusals included. */
	public static final int HEADERS = -250;

	/**
	 * The filter that refuses requests of foreign web pages before they can reach Spring
	 * Security.
	 */
	public static final int BROWSERS = -200;

	/** The filter that audits requests, also those that Spring Security refuses. */
	public static final int AUDIT = -150;

	/** The filter of Spring Security. Spring Security itself has chosen this number. */
	public static final int SECURITY = -100;

	/** The filter that lets controllers note what is audited. */
	public static final int AUDITED = -50;

	/** The filter that adds headers to the responses that are web pages. */
	public static final int PAGES = 0;

	/**
	 * The exception handler that writes problems. It comes before Spring Boot's handler,
	 * which has the number -1. Spring Boot's handler therefore sees only failures that
	 * come after the response has begun.
	 */
	public static final int PROBLEMS = -2;

	private FilterOrder() {
	}

}
