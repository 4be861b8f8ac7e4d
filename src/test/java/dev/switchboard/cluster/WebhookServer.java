package dev.switchboard.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.json.JsonMapper;

/**
 * A receiver of a webhook, which checks signatures as Standard Webhooks has them. May be
 * stopped, which closes its connections, and started again at the same port. Thread-safe.
 */
final class WebhookServer implements AutoCloseable {

	private static final JsonMapper JSON = new JsonMapper();

	private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

	private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final EventAccounts.Receipts receipts;

	private final Duration pause;

	private volatile byte[] key = new byte[0];

	private @Nullable DisposableServer server;

	private int port;

	/**
	 * Starts the receiver.
	 * @param pause how long each answer takes
	 */
	WebhookServer(EventAccounts.Receipts receipts, Duration pause) {
		this.receipts = receipts;
		this.pause = pause;
		start();
	}

	/** Sets the secret that the answer to the webhook's PUT has shown. */
	void secret(String secret) {
		this.key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
	}

	URI uri() {
		return URI.create("http://127.0.0.1:" + this.port + "/hook");
	}

	void start() {
		DisposableServer started = HttpServer.create()
			.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port))
			.doOnConnection((connection) -> this.connections.add(connection.channel()))
			.handle(this::answer)
			.bindNow();
		this.port = started.port();
		this.server = started;
	}

	void stop() {
		DisposableServer running = this.server;
		if (running != null) {
			running.disposeNow(STOP_LIMIT);
			this.connections.close().awaitUninterruptibly();
			this.server = null;
		}
	}

	private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		return request.receive().aggregate().asString().delayElement(this.pause).flatMap((body) -> {
			String signature = request.requestHeaders().get("webhook-signature", "");
			String signed = request.requestHeaders().get("webhook-id") + "."
					+ request.requestHeaders().get("webhook-timestamp") + "." + body;
			if (!signature.equals("v1," + sign(signed))) {
				return response.status(401).send();
			}
			this.receipts.add(JSON.readTree(body));
			return response.status(204).send();
		});
	}

	private String sign(String content) {
		try {
			Mac mac = Mac.getInstance("HmacSHA256");
			mac.init(new SecretKeySpec(this.key, "HmacSHA256"));
			return Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		stop();
	}

}
