package dev.switchboard.agent;

import java.io.Closeable;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.handler.codec.http.HttpHeaders;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;

/** A gateway on a real socket that does only the actions that a test asks for. */
public final class ScriptedGateway implements Closeable {

	static final String SUBPROTOCOL = "switchboard.v1.json";

	private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

	private final BlockingQueue<HttpHeaders> refused = new LinkedBlockingQueue<>();

	private final BlockingQueue<ScriptedConnection> connections = new LinkedBlockingQueue<>();

	private final DisposableServer server;

	/** The answer to one handshake. */
	private record Answer(int status, Map<String, String> headers) {
	}

	private volatile boolean silent;

	public ScriptedGateway() {
		this.server = HttpServer.create().host("127.0.0.1").port(0).handle(this::answer).bindNow();
	}

	private Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		Answer answer = this.answers.poll();
		if (answer != null) {
			answer.headers().forEach(response::header);
			this.refused.add(request.requestHeaders().copy());
			return response.status(answer.status()).send();
		}
		HttpHeaders headers = request.requestHeaders().copy();
		return response.sendWebsocket((in, out) -> {
			ScriptedConnection connection = new ScriptedConnection(request.uri(), headers);
			this.connections.add(connection);
			return Mono.when(connection.write(out), connection.read(in));
		}, WebsocketServerSpec.builder().protocols(SUBPROTOCOL).handlePing(this.silent).build());
	}

	public URI url() {
		return URI.create("ws://127.0.0.1:" + this.server.port());
	}

	/** Answers no pings from now on. */
	void silence() {
		this.silent = true;
	}

	/** Answers the next handshake that has no answer yet with this instead of 101. */
	void refuse(int status, Map<String, String> headers) {
		this.answers.add(new Answer(status, headers));
	}

	/** The next handshake that was refused. */
	HttpHeaders refused() throws InterruptedException {
		return Objects.requireNonNull(this.refused.poll(20, TimeUnit.SECONDS), "no handshake came");
	}

	/** The next connection. */
	ScriptedConnection connection() throws InterruptedException {
		return Objects.requireNonNull(this.connections.poll(20, TimeUnit.SECONDS), "no connection came");
	}

	/** The next connection, after its welcome and hello. */
	public ScriptedConnection welcomed(long epoch) throws InterruptedException {
		ScriptedConnection connection = connection();
		connection.welcome(epoch);
		return connection;
	}

	boolean hasMoreConnections() {
		return !this.connections.isEmpty();
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
