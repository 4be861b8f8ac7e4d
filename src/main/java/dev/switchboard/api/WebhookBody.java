package dev.switchboard.api;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.StringArray;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.protocol.EventReader;
import dev.switchboard.relay.Webhook;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The body of a request that sets a webhook: {@code {"url", "types", "subjects",
 * "enabled", "newSecret"}}.
 *
 * @param wish what the webhook is to be
 * @param newSecret whether it is to get a new secret
 */
record WebhookBody(Webhook.Wish wish, boolean newSecret) {

	private static final int LIMIT = 64 * 1024;

	private static final int MOST_VALUES = 100;

	private static final Set<String> MEMBERS = Set.of("url", "types", "subjects", "enabled", "newSecret");

	/**
	 * Reads the body of a request.
	 * @return the body; an error of {@link ProblemException} if it is not valid
	 */
	static Mono<WebhookBody> read(ServerHttpRequest request) {
		return BodyReader.read(request, LIMIT)
			.onErrorMap(DataBufferLimitException.class,
					(_) -> ProblemException.invalid("The body has more than " + LIMIT + " bytes"))
			.map(WebhookBody::parse)
			.onErrorMap(JsonException.class, (ex) -> ProblemException.invalid("The body: " + ex.getMessage()));
	}

	/**
	 * Reads the bytes of a body.
	 * @throws JsonException if a member is missing or of the wrong type
	 * @throws ProblemException if the body has an unknown member, or a value that is not
	 * valid
	 */
	static WebhookBody parse(byte[] bytes) {
		Envelope members = Envelope.parse(bytes);
		Set<String> unknown = new TreeSet<>(members.names());
		unknown.removeAll(MEMBERS);
		if (!unknown.isEmpty()) {
			// A member that is spelt wrong would change what is delivered.
			throw ProblemException.invalid("The body has the unknown member '" + unknown.iterator().next()
					+ "'; a webhook has url, types, subjects, enabled and newSecret");
		}
		List<String> types = values(members, "types", EventReader::isSubject);
		List<String> subjects = values(members, "subjects", EventReader::isSubject);
		boolean enabled = members.optionalPayload("enabled") == null || members.optionalBoolean("enabled");
		return new WebhookBody(new Webhook.Wish(members.string("url"), types, subjects, enabled),
				members.optionalBoolean("newSecret"));
	}

	private static List<String> values(Envelope members, String name, Predicate<String> valid) {
		if (members.optionalPayload(name) == null) {
			return List.of();
		}
		List<String> values = StringArray.of(members, name, MOST_VALUES);
		for (int i = 0; i < values.size(); i++) {
			if (!valid.test(values.get(i))) {
				throw ProblemException.invalid(name + "[" + i + "] must be 1 to 256 printable ASCII characters");
			}
		}
		return values.stream().distinct().toList();
	}

}
