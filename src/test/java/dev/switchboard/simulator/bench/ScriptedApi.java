package dev.switchboard.simulator.bench;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.switchboard.simulator.agents.Answers;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerResponse;

/** An API port that answers calls the way a test wants it. */
public final class ScriptedApi implements AutoCloseable {

	/** The path of every request. */
	public final Queue<String> paths = new ConcurrentLinkedQueue<>();

	/** The body of every call. */
	public final Queue<String> bodies = new ConcurrentLinkedQueue<>();

	public final Queue<String> tokens = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final DisposableServer server;

	/** How one call is answered. */
	public interface Script {

		/**
		 * Answers.
		 * @param number counts from 0
		 * @param payload the call's, as JSON
		 */
		Publisher<Void> answer(int number, String payload, HttpServerResponse response);

	}

	public ScriptedApi(Script script) {
		this.server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
			this.paths.add(request.method() + " /" + request.path());
			this.tokens.add(String.valueOf(request.requestHeaders().get("Authorization")));
			if (request.method().name().equals("GET")) {
				String agent = request.path().substring(request.path().lastIndexOf('/') + 1);
				return response
					.sendString(Mono.just("{\"tenant\":\"demo\",\"agent\":\"" + agent + "\",\"status\":\"online\"}"));
			}
			return request.receive().aggregate().asString().flatMap((body) -> {
				this.bodies.add(body);
				String payload = body.substring(body.indexOf("\"payload\":") + 10, body.length() - 1);
				return Mono.from(script.answer(this.count.getAndIncrement(), payload, response));
			});
		}).bindNow();
	}

	public static Publisher<Void> complete(String payload, HttpServerResponse response) {
		return response.sendString(Mono.just("{\"id\":\"x\",\"outcome\":\"completed\",\"payload\":" + payload + "}"));
	}

	public static Publisher<Void> accept(HttpServerResponse response) {
		return response.status(202).sendString(Mono.just("{\"id\":\"x\",\"outcome\":\"sent\"}"));
	}

	public String url() {
		return "http://127.0.0.1:" + this.server.port();
	}

	@Override
	public void close() {
		this.server.disposeNow();
	}

}
