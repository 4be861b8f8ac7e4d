package dev.switchboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLContext;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import org.jspecify.annotations.Nullable;

/** A receiver of webhooks on loopback, which remembers what it got. */
public final class WebhookReceiver implements AutoCloseable {

	private final List<Got> got = new CopyOnWriteArrayList<>();

	private final int port;

	private final @Nullable SSLContext tls;

	private final HttpHandler answer;

	private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

	private volatile @Nullable HttpServer server;

	/**
	 * A request that came.
	 *
	 * @param path its path
	 * @param headers its headers
	 * @param body its body
	 */
	public record Got(String path, Headers headers, String body) {

		/** The first value of a header; empty if there is none. */
		public String header(String name) {
			String value = this.headers.getFirst(name);
			return (value != null) ? value : "";
		}

	}

	/**
	 * Makes a receiver, which does not listen yet.
	 * @param tls its certificate; null for http
	 * @param answer answers each request, after it is remembered
	 */
	public WebhookReceiver(@Nullable SSLContext tls, HttpHandler answer) {
		this.port = FreePorts.next();
		this.tls = tls;
		this.answer = answer;
	}

	/** Makes a receiver that takes everything, and listens. */
	public static WebhookReceiver taking() {
		return answering((exchange) -> exchange.sendResponseHeaders(204, -1));
	}

	/** Makes a receiver that listens. */
	public static WebhookReceiver answering(HttpHandler answer) {
		WebhookReceiver receiver = new WebhookReceiver(null, answer);
		receiver.start();
		return receiver;
	}

	/** Begins to listen. */
	public void start() {
		try {
			InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
			HttpServer made = (this.tls != null) ? HttpsServer.create(address, 0) : HttpServer.create(address, 0);
			if (made instanceof HttpsServer secure && this.tls != null) {
				secure.setHttpsConfigurator(new HttpsConfigurator(this.tls));
			}
			made.setExecutor(this.threads);
			made.createContext("/", this::take);
			made.start();
			this.server = made;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void take(HttpExchange exchange) throws IOException {
		try (exchange) {
			String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			this.got.add(new Got(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
			this.answer.handle(exchange);
		}
	}

	/** What came, in its order. */
	public List<Got> got() {
		return this.got;
	}

	public String url(String path) {
		return ((this.tls != null) ? "https" : "http") + "://127.0.0.1:" + this.port + path;
	}

	@Override
	public void close() {
		HttpServer running = this.server;
		if (running != null) {
			running.stop(0);
		}
		this.threads.shutdownNow();
	}

}
