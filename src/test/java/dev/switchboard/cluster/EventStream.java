package dev.switchboard.cluster;

import java.time.Duration;
import java.util.function.Supplier;

import dev.switchboard.GatewayProcess;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A reader that follows a tenant's events by SSE. When its stream ends, it goes on from
 * the last event that it has got. Closing it ends it.
 */
final class EventStream implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final WebClient http = WebClient.create();

	private final Supplier<GatewayProcess> node;

	private final String path;

	private final EventAccounts.Receipts receipts;

	private final Disposable reading;

	private volatile String last = "";

	EventStream(Supplier<GatewayProcess> node, String tenant, EventAccounts.Receipts receipts) {
		this.node = node;
		this.path = "/v1/tenants/" + tenant + "/events?type=switchboard.event";
		this.receipts = receipts;
		this.reading = Flux.defer(this::read)
			.repeatWhen((ends) -> ends.delayElements(PAUSE))
			.retryWhen(Retry.fixedDelay(Long.MAX_VALUE, PAUSE))
			.subscribe(this::take);
	}

	private Flux<ServerSentEvent<String>> read() {
		return this.http.get()
			.uri(this.node.get().api(this.path))
			.accept(MediaType.TEXT_EVENT_STREAM)
			.headers((headers) -> {
				if (!this.last.isEmpty()) {
					headers.set("Last-Event-ID", this.last);
				}
			})
			.retrieve()
			.bodyToFlux(new ParameterizedTypeReference<>() {
			});
	}

	private void take(ServerSentEvent<String> event) {
		String data = event.data();
		String id = event.id();
		if (data != null) {
			this.receipts.add(JSON.readTree(data));
		}
		if (id != null) {
			this.last = id;
		}
	}

	@Override
	public void close() {
		this.reading.dispose();
	}

}
