package dev.switchboard.relay;

import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

import dev.switchboard.time.TimeLimit;
import dev.switchboard.time.TimeSource;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Sends events to webhooks. It has connections and threads of its own, so that slow
 * receivers cost agents and callers nothing. Follows no redirect, and reads only the
 * beginning of an answer. Thread-safe.
 */
final class WebhookSender implements DisposableBean {

	private static final String CONTENT_TYPE = "application/cloudevents+json";

	/** How many bytes of an answer are read, so that its connection can be used again. */
	private static final long MOST_READ = 64L * 1024;

	/** How long the body of an answer is waited for. */
	private static final Duration BODY_LIMIT = Duration.ofSeconds(1);

	private static final int LONGEST_FAILURE = 200;

	private static final int THREADS = 2;

	private final AddressGuard guard;

	private final Duration timeout;

	private final int maxConcurrent;

	private final TimeSource time;

	private @Nullable Clients clients;

	/** What is made for the first request, so that a node without webhooks has none. */
	private record Clients(ConnectionProvider connections, LoopResources loops, WebClient secure, WebClient plain) {
	}

	WebhookSender(AddressGuard guard, WebhookSettings settings, TimeSource time) {
		this.guard = guard;
		this.timeout = settings.timeout();
		this.maxConcurrent = settings.maxConcurrent();
		this.time = time;
	}

	/**
	 * Sends an event once.
	 * @return how that ended, never an error. A subscription that is cancelled ends the
	 * request
	 */
	Mono<WebhookAnswer> send(SignedWebhook webhook, UUID id, byte[] event) {
		return Mono.defer(() -> post(webhook, id, event))
			.timeout(TimeLimit.of(this.timeout), Mono.error(() -> new TimeoutException("no answer")))
			.onErrorResume((failure) -> Mono.just(WebhookAnswer.failed(describe(failure))));
	}

	private Mono<WebhookAnswer> post(SignedWebhook webhook, UUID id, byte[] event) {
		URI uri = URI.create(webhook.webhook().wish().url());
		Instant now = this.time.now();
		Clients made = clients();
		WebClient client = "https".equalsIgnoreCase(uri.getScheme()) ? made.secure() : made.plain();
		return client.post().uri(uri).headers((headers) -> {
			headers.set(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE);
			headers.set("webhook-id", id.toString());
			headers.set("webhook-timestamp", Long.toString(now.getEpochSecond()));
			headers.set("webhook-signature", webhook.secret().sign(id.toString(), now.getEpochSecond(), event));
		}).bodyValue(event).exchangeToMono((response) -> answer(response, now));
	}

	private static Mono<WebhookAnswer> answer(ClientResponse response, Instant now) {
		String retryAfter = response.headers().asHttpHeaders().getFirst(HttpHeaders.RETRY_AFTER);
		WebhookAnswer answer = WebhookAnswer.of(response.statusCode().value(), RetryAfter.parse(retryAfter, now));
		Flux<DataBuffer> body = response.bodyToFlux(DataBuffer.class);
		// The status counts, whatever becomes of the body.
		return DataBufferUtils.takeUntilByteCount(body, MOST_READ)
			.doOnNext(DataBufferUtils::release)
			.then()
			.timeout(BODY_LIMIT)
			.onErrorComplete()
			.thenReturn(answer);
	}

	private synchronized Clients clients() {
		Clients made = this.clients;
		if (made == null) {
			made = make();
			this.clients = made;
		}
		return made;
	}

	private Clients make() {
		ConnectionProvider connections = ConnectionProvider.builder("webhooks")
			.maxConnections(2 * this.maxConcurrent)
			.pendingAcquireMaxCount(-1)
			.maxIdleTime(Duration.ofSeconds(20))
			// A receiver's name may get another address.
			.maxLifeTime(Duration.ofMinutes(5))
			.evictInBackground(Duration.ofSeconds(30))
			.build();
		LoopResources loops = LoopResources.create("webhooks", THREADS, true);
		HttpClient client = HttpClient.create(connections)
			.runOn(loops)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(this.timeout.toMillis(), 10_000))
			.headers((headers) -> headers.set("User-Agent", "Switchboard"))
			.disableRetry(true)
			.followRedirect(false);
		return new Clients(connections, loops, client(client.secure(), true), client(client, false));
	}

	private WebClient client(HttpClient client, boolean secure) {
		GuardedConnect guarded = new GuardedConnect(this.guard, secure);
		HttpClient checked = client
			.doOnChannelInit((_, channel, _) -> channel.pipeline().addLast("guarded-connect", guarded));
		return WebClient.builder().clientConnector(new ReactorClientHttpConnector(checked)).build();
	}

	private String describe(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof RefusedAddressException) {
				return cut(cause.getMessage());
			}
			if (cause instanceof CertificateException) {
				return cut("the certificate does not fit: " + cause.getMessage());
			}
		}
		Throwable cause = (failure.getCause() != null) ? failure.getCause() : failure;
		return switch (cause) {
			case TimeoutException _ -> "no answer within " + this.timeout.toMillis() + " ms";
			case SSLException _ -> cut("TLS failed: " + cause.getMessage());
			case UnknownHostException _ -> "the name of the host was not found";
			case ConnectException _ -> "the connection was refused or timed out";
			default -> cut("the connection failed: " + cause.getMessage());
		};
	}

	private static String cut(@Nullable String text) {
		String line = String.valueOf(text).lines().findFirst().orElse("").replaceAll("[^\\x20-\\x7e]", "?");
		return (line.length() <= LONGEST_FAILURE) ? line : line.substring(0, LONGEST_FAILURE);
	}

	@Override
	public synchronized void destroy() {
		Clients made = this.clients;
		if (made != null) {
			made.connections().disposeLater().subscribe();
			made.loops().disposeLater(Duration.ZERO, Duration.ofSeconds(1)).subscribe();
		}
	}

}
