package dev.switchboard.relay;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt to deliver to a webhook ended. Immutable.
 *
 * @param status the status of the answer; 0 if there was none
 * @param failure why the attempt failed; null if the receiver has taken the event
 * @param retryAfter for how long the receiver wants no further attempt; null if it did
 * not say
 */
record WebhookAnswer(int status, @Nullable String failure, @Nullable Duration retryAfter) {

	/** The receiver wants no more events. */
	private static final int GONE = 410;

	static WebhookAnswer of(int status, @Nullable Duration retryAfter) {
		if (status >= 200 && status < 300) {
			return new WebhookAnswer(status, null, null);
		}
		String failure = (status >= 300 && status < 400) ? "answered " + status + "; redirects are not followed"
				: "answered " + status;
		return new WebhookAnswer(status, failure, retryAfter);
	}

	static WebhookAnswer failed(String failure) {
		return new WebhookAnswer(0, failure, null);
	}

	boolean isGone() {
		return this.status == GONE;
	}

}
