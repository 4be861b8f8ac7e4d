package dev.switchboard.api;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import dev.switchboard.call.CallRequest;
import dev.switchboard.problem.ProblemException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Reads the headers of a call: its times, whether it is asynchronous, its key, and its
 * trace context.
 */
final class CallHeaders {

	private static final Duration LONGEST_TIMEOUT = Duration.ofHours(1);

	private static final Duration LONGEST_CONNECT_WAIT = Duration.ofMinutes(1);

	private static final Duration DEFAULT_ASYNC_TIMEOUT = Duration.ofMinutes(5);

	private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(\\.\\d{1,3})?");

	/**
	 * The form of a valid {@code traceparent}. Version ff is invalid, and so are ids of
	 * zeros only. Only versions after 00 may have further parts.
	 */
	private static final Pattern TRACEPARENT = Pattern
		.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}((?<!^00.{53})-.*)?");

	private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[ -~]{1,255}");

	private final CallSettings settings;

	CallHeaders(CallSettings settings) {
		this.settings = settings;
	}

	/**
	 * Reads the times of a call, whether it is asynchronous, and its key.
	 * @throws ProblemException if a header is not valid
	 */
	CallRequest.Options options(HttpHeaders headers, Preferences preferences) {
		Duration timeout = timeout(headers);
		Duration connectWait = seconds(headers, "Switchboard-Connect-Wait", LONGEST_CONNECT_WAIT);
		return new CallRequest.Options(preferences.respondAsync(), waitFor(preferences),
				timeToLive(preferences, timeout), (connectWait != null) ? connectWait : Duration.ZERO,
				idempotencyKey(headers));
	}

	/**
	 * Returns the value of {@code Switchboard-Timeout}; null if there is none.
	 * @throws ProblemException if it is not valid
	 */
	static @Nullable Duration timeout(HttpHeaders headers) {
		Duration timeout = seconds(headers, "Switchboard-Timeout", LONGEST_TIMEOUT);
		if (timeout != null && timeout.isZero()) {
			throw outOfRange("Switchboard-Timeout", LONGEST_TIMEOUT);
		}
		return timeout;
	}

	private Duration waitFor(Preferences preferences) {
		if (preferences.waitTime() != null) {
			return preferences.waitTime();
		}
		return preferences.respondAsync() ? Duration.ZERO : this.settings.defaultWait();
	}

	// Without respond-async the caller leaves at the end of the wait, so the call's
	// deadline is not later.
	private Duration timeToLive(Preferences preferences, @Nullable Duration timeout) {
		if (preferences.respondAsync()) {
			return (timeout != null) ? timeout : DEFAULT_ASYNC_TIMEOUT;
		}
		Duration wait = waitFor(preferences);
		return (timeout != null && timeout.compareTo(wait) < 0) ? timeout : wait;
	}

	private static @Nullable Duration seconds(HttpHeaders headers, String name, Duration most) {
		String value = single(headers, name);
		if (value == null) {
			return null;
		}
		if (!SECONDS.matcher(value).matches()) {
			throw outOfRange(name, most);
		}
		Duration seconds = Duration.ofMillis(new BigDecimal(value).movePointRight(3).longValueExact());
		if (seconds.compareTo(most) > 0) {
			throw outOfRange(name, most);
		}
		return seconds;
	}

	private static ProblemException outOfRange(String name, Duration most) {
		return ProblemException.invalid(name + " must be seconds, at most " + most.toSeconds());
	}

	/** Returns the request's idempotency key; null if there is none. */
	static @Nullable String idempotencyKey(HttpHeaders headers) {
		String key = single(headers, "Idempotency-Key");
		if (key != null && !IDEMPOTENCY_KEY.matcher(key).matches()) {
			throw ProblemException.invalid("Idempotency-Key must be 1 to 255 printable ASCII characters");
		}
		return key;
	}

	/**
	 * Returns the caller's trace context (W3C Trace Context, section 3.2); null if there
	 * is none, or if it is not valid.
	 */
	static @Nullable String traceparent(HttpHeaders headers) {
		List<String> values = headers.getOrEmpty("traceparent");
		return (values.size() == 1 && TRACEPARENT.matcher(values.getFirst()).matches()) ? values.getFirst() : null;
	}

	private static @Nullable String single(HttpHeaders headers, String name) {
		List<String> values = headers.getOrEmpty(name);
		if (values.size() > 1) {
			throw ProblemException.invalid(name + " must not be there twice");
		}
		return values.isEmpty() ? null : values.getFirst();
	}

}
