package dev.switchboard.aws;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

import dev.switchboard.dns.DnsException;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

/**
 * The metadata of the instance on which this process runs (IMDSv2). Reading needs a
 * token. A token is asked for when there is none yet, or when the last one is refused.
 * Thread-safe; no method blocks, and nothing happens before subscription.
 */
final class InstanceMetadata {

	private static final int TOKEN_SECONDS = 21_600;

	private static final int CONNECT_MILLIS = 1000;

	private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);

	private final HttpClient http;

	private volatile @Nullable String token;

	InstanceMetadata(URI endpoint) {
		this.http = HttpClient.create(ConnectionProvider.newConnection())
			.baseUrl(endpoint.toString())
			.responseTimeout(ANSWER_LIMIT)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS);
	}

	/**
	 * Reads an item.
	 * @param path the path below {@code /latest/meta-data/}
	 * @return the item; empty if the instance does not have it; an error if the service
	 * does not answer
	 */
	Mono<String> get(String path) {
		return Mono.defer(this::token)
			.flatMap((known) -> read(path, known))
			.onErrorResume(TokenRefused.class,
					(_) -> Mono.defer(this::freshToken).flatMap((fresh) -> read(path, fresh)));
	}

	private Mono<String> token() {
		String known = this.token;
		return (known != null) ? Mono.just(known) : freshToken();
	}

	private Mono<String> freshToken() {
		return this.http.headers((headers) -> headers.set("X-aws-ec2-metadata-token-ttl-seconds", TOKEN_SECONDS))
			.put()
			.uri("/latest/api/token")
			.responseSingle((response, body) -> text("a token", response, body))
			.doOnNext((fresh) -> this.token = fresh);
	}

	private Mono<String> read(String path, String known) {
		return this.http.headers((headers) -> headers.set("X-aws-ec2-metadata-token", known))
			.get()
			.uri("/latest/meta-data/" + path)
			.responseSingle((response, body) -> text(path, response, body));
	}

	private static Mono<String> text(String item, HttpClientResponse response, ByteBufMono body) {
		HttpResponseStatus status = response.status();
		if (status.equals(HttpResponseStatus.OK)) {
			return body.asString().map(String::strip);
		}
		return body.asString().then(Mono.defer(() -> switch (status.code()) {
			case 404 -> Mono.empty();
			case 401 -> Mono.error(new TokenRefused());
			default -> Mono.error(new IllegalStateException("the instance metadata answer " + status + " for " + item));
		}));
	}

	/**
	 * Reads addresses of this instance.
	 * @return the addresses; an error of {@link DnsException} if there are none, or if
	 * the service does not answer
	 */
	Mono<Set<InetAddress>> addresses(MetadataSettings.Addresses kind) {
		boolean both = kind == MetadataSettings.Addresses.PUBLIC;
		return Flux.concat(get(kind.path()), both ? get("ipv6") : Mono.empty())
			.mapNotNull(NetUtil::createInetAddressFromIpAddressString)
			.collect(LinkedHashSet<InetAddress>::new, Set::add)
			.onErrorMap((failure) -> DnsException.failed("the instance metadata do not answer: " + failure, failure))
			.flatMap((found) -> found.isEmpty()
					? Mono.error(DnsException.failed("this instance has no address of the kind " + kind))
					: Mono.just(found));
	}

	/** The token is too old, or not of this instance. */
	private static final class TokenRefused extends RuntimeException {

		TokenRefused() {
			super("the instance metadata refuse the token", null, false, false);
		}

	}

}
