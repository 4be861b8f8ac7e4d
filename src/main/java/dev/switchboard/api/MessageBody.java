package dev.switchboard.api;

import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * The body of a call or push: {@code {"method", "payload"}}.
 *
 * @param method what the agent shall do; not empty
 * @param payload passed on byte for byte
 * @param whole the body's own bytes
 */
record MessageBody(String method, Payload payload, Payload whole) {

	// White space and members that are ignored may come on top of the frame.
	private static final int SLACK = 16 * 1024;

	/**
	 * Reads a body, of which it holds no more than the limit.
	 * @param maxFrameBytes the limit on the frame that will carry it
	 * @return the body; an error of {@link ProblemException} if it is too large or not
	 * valid; empty if the server has answered the request itself
	 */
	static Mono<MessageBody> read(ServerHttpRequest request, long maxFrameBytes) {
		int limit = Math.toIntExact(maxFrameBytes + SLACK);
		if (request.getHeaders().getContentLength() > limit) {
			return Mono.error(tooLarge(maxFrameBytes));
		}
		return BodyReader.read(request, limit).<MessageBody>handle((bytes, sink) -> {
			if (!isAnswered(request)) {
				sink.next(parse(bytes));
			}
		}).onErrorMap(DataBufferLimitException.class, (_) -> tooLarge(maxFrameBytes));
	}

	/**
	 * Reactor Netty answers 400 when a chunk is malformed, and lets the body seem
	 * complete.
	 */
	private static boolean isAnswered(ServerHttpRequest request) {
		return ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerResponse response
				&& response.hasSentHeaders();
	}

	private static MessageBody parse(byte[] bytes) {
		if (bytes.length == 0) {
			throw ProblemException.invalid("The body is empty");
		}
		try {
			Envelope envelope = Envelope.parse(bytes);
			String method = envelope.string("method");
			Payload payload = envelope.optionalPayload("payload");
			if (method.isEmpty()) {
				throw ProblemException.invalid("member 'method' must not be empty");
			}
			return new MessageBody(method, (payload != null) ? payload : Payload.NULL,
					new Payload(bytes, 0, bytes.length));
		}
		catch (JsonException ex) {
			throw ProblemException.invalid("The body: " + ex.getMessage());
		}
	}

	private static ProblemException tooLarge(long maxFrameBytes) {
		return new ProblemException(Problem.PAYLOAD_TOO_LARGE, "A message has at most " + maxFrameBytes + " bytes");
	}

}
