package dev.switchboard.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a queue's or topic's ARN.
 *
 * @param region the region in which the queue or topic is
 * @param account the number of the account that it belongs to
 * @param name its name
 */
record ArnParts(String region, String account, String name) {

	/** A regular expression of what stands before the name of a queue. */
	static final String SQS = "arn:[a-z-]+:sqs:[a-z0-9-]+:[0-9]{12}:";

	/** A regular expression of what stands before the name of a topic. */
	static final String SNS = "arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:";

	private static final Pattern ARN = Pattern.compile("arn:[^:]+:[^:]+:([^:]+):([^:]+):([^:]+)");

	private static final Pattern URL_OF_AWS = Pattern
		.compile("https://sqs\\.([a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/.*");

	/** Reads an ARN; null if the text is none. */
	static @Nullable ArnParts find(String text) {
		Matcher arn = ARN.matcher(text);
		return arn.matches() ? new ArnParts(arn.group(1), arn.group(2), arn.group(3)) : null;
	}

	/**
	 * Returns the region that an ARN or the URL of a queue names; null if it has none.
	 */
	static @Nullable String regionOf(String text) {
		ArnParts arn = find(text);
		Matcher url = URL_OF_AWS.matcher(text);
		if (arn == null) {
			return url.matches() ? url.group(1) : null;
		}
		return arn.region();
	}

}
