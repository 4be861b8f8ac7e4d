package dev.switchboard.api;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;

import dev.switchboard.database.Database;
import dev.switchboard.event.EventCursor;
import dev.switchboard.event.EventEntry;
import dev.switchboard.event.EventLog;
import dev.switchboard.event.EventPage;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows the event log, by pages or as a stream. */
@RestController
final class EventController {

	/** How long the database may be silent. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final EventLog log;

	EventController(EventLog log) {
		this.log = log;
	}

	@GetMapping(path = "/v1/tenants/{tenant}/events",
			produces = { MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE,
					MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_PROBLEM_JSON_VALUE })
	Mono<Void> events(ServerWebExchange exchange) {
		String tenant = ApiRequests.tenant(exchange);
		EventQuery query = EventQuery.of(tenant, exchange.getRequest());
		StreamFormat format = StreamFormat.accepted(exchange.getRequest().getHeaders().getAccept());
		return (format != null) ? stream(tenant, query, format, exchange) : page(tenant, query, exchange);
	}

	private Mono<Void> page(String tenant, EventQuery query, ServerWebExchange exchange) {
		return begin(tenant, query).flatMap((page) -> {
			byte[] json = new JsonWriter().payload("events", array(page.entries()))
				.string("next", page.cursor(page.next()).text(tenant))
				.end();
			return ApiResponses.write(exchange.getResponse(), 200, json);
		});
	}

	private static Payload array(List<EventEntry> entries) {
		ByteArrayOutputStream array = new ByteArrayOutputStream();
		array.write('[');
		for (EventEntry entry : entries) {
			if (array.size() > 1) {
				array.write(',');
			}
			array.write(entry.json().bytes(), entry.json().offset(), entry.json().length());
		}
		array.write(']');
		return Payload.of(array.toByteArray());
	}

	/**
	 * Returns the first page. Before a stream begins, this finds what is wrong with the
	 * request, so that the answer can still be a problem.
	 */
	private Mono<EventPage> begin(String tenant, EventQuery query) {
		Mono<@Nullable EventCursor> after = query.fromEnd() ? this.log.end() : Mono.justOrEmpty(query.after());
		Mono<EventPage> page = after.flatMap((from) -> this.log.page(tenant, from, query.filter(), query.limit()))
			.switchIfEmpty(Mono.defer(() -> this.log.page(tenant, null, query.filter(), query.limit())));
		return Database.forCaller(PATIENCE, page);
	}

	private Mono<Void> stream(String tenant, EventQuery query, StreamFormat format, ServerWebExchange exchange) {
		EventLines lines = new EventLines(format, tenant);
		return begin(tenant, query).flatMap((first) -> ApiResponses.writeLines(exchange.getResponse(),
				format.mediaType(), lines.of(this.log.follow(tenant, first, query.filter()))));
	}

}
