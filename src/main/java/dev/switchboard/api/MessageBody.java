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
 * @param method the method that the agent is asked for; not empty
 * @param payload passed on byte for byte
 * @param whole the bytes of the whole body
 */
record MessageBody(String method, Payload payload, Payload whole) {

	/** White space and unknown members may make a body longer than its frame. */
	private static final int SLACK = 16 * 1024;

	/**
	 * Reads a body, and holds no more of it than the limit.
	 * @param maxFrameBytes the largest frame, which will carry the message
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
	 * Whether the server has answered the request. Reactor Netty answers 400 to a
	 * malformed chunk, and then completes the body as if it were whole.
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
			return new MessageBody(method, (payload != null) ? payload : Payload.NULL, Payload.of(bytes));
		}
		catch (JsonException ex) {
			throw ProblemException.invalid("The body: " + ex.getMessage());
		}
	}

	private static ProblemException tooLarge(long maxFrameBytes) {
		return new ProblemException(Problem.PAYLOAD_TOO_LARGE, "A message has at most " + maxFrameBytes + " bytes");
	}

}
