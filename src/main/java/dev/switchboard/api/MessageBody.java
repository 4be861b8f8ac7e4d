package dev.switchboard.api;

import java.util.function.BiFunction;

import dev.switchboard.audit.AuditedExchange;
import dev.switchboard.json.Envelope;
import dev.switchboard.json.JsonException;
import dev.switchboard.json.Payload;
import dev.switchboard.listener.FieldList;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import dev.switchboard.quota.BudgetHold;
import dev.switchboard.token.AllowedMethods;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;

/**
 * The body of a call or push: {@code {"method", "payload"}}.
 *
 * @param method the method that is called at the agent; not empty
 * @param payload the payload, which is passed on byte for byte
 * @param whole the bytes of the whole body
 */
record MessageBody(String method, Payload payload, Payload whole) {

	/**
	 * The number of bytes by which a body may exceed the frame limit. The extra bytes
	 * leave room for white space and unknown members, which do not go into the frame.
	 */
	private static final int SLACK = 16 * 1024;

	/**
	 * Reads the body of a request. Stops reading when the body is too large.
	 * @param maxFrameBytes the limit on the frame that will carry the message
	 * @return the body; an error of {@link ProblemException} if it is too large or not
	 * valid, or if the caller's token does not allow its method; empty if the HTTP server
	 * has already answered the request
	 */
	static Mono<MessageBody> read(ServerWebExchange exchange, long maxFrameBytes) {
		return read(exchange, maxFrameBytes, (_, message) -> message);
	}

	/**
	 * Reads the body of a request, and counts its bytes while it arrives.
	 * @param hold counts the bytes until the body is there; null if they are not counted
	 * @return as {@link #read(ServerWebExchange, long)}; an error of
	 * {@link ProblemException} also if there are no bytes left
	 */
	static Mono<MessageBody> read(ServerWebExchange exchange, long maxFrameBytes, @Nullable BudgetHold hold) {
		return read(exchange, maxFrameBytes, 0, hold, (_, message) -> message);
	}

	/**
	 * Reads the body of a request that has further members.
	 * @param members reads these members, and makes the result
	 * @return as {@link #read(ServerWebExchange, long)}
	 */
	static <T> Mono<T> read(ServerWebExchange exchange, long maxFrameBytes,
			BiFunction<Envelope, MessageBody, T> members) {
		return read(exchange, maxFrameBytes, 0, members);
	}

	/**
	 * Reads the body of a request that has a message and more.
	 * @param maxFrameBytes the limit on the frame that will carry the message
	 * @param more how many bytes the body may have beside the message
	 * @param members reads the members beside those of the message, and makes the result
	 * @return as {@link #read(ServerWebExchange, long)}
	 */
	static <T> Mono<T> read(ServerWebExchange exchange, long maxFrameBytes, int more,
			BiFunction<Envelope, MessageBody, T> members) {
		return read(exchange, maxFrameBytes, more, null, members);
	}

	private static <T> Mono<T> read(ServerWebExchange exchange, long maxFrameBytes, int more, @Nullable BudgetHold hold,
			BiFunction<Envelope, MessageBody, T> members) {
		ServerHttpRequest request = exchange.getRequest();
		if (isCoded(request.getHeaders())) {
			return Mono.error(new ProblemException(Problem.UNSUPPORTED_MEDIA_TYPE,
					"No content coding is undone here: send the JSON as it is"));
		}
		int limit = Math.toIntExact(maxFrameBytes + SLACK + more);
		if (request.getHeaders().getContentLength() > limit) {
			return Mono.error(tooLarge(maxFrameBytes));
		}
		return BodyReader.read(request, limit, hold).<T>handle((bytes, sink) -> {
			if (!isAnswered(request)) {
				sink.next(parse(bytes, (envelope, message) -> {
					AuditedExchange.message(exchange, message.method(), message.payload());
					AllowedMethods.require(message.method(), exchange);
					return members.apply(envelope, message);
				}));
			}
		}).onErrorMap(DataBufferLimitException.class, (_) -> tooLarge(maxFrameBytes));
	}

	/** Whether the body has a content coding (RFC 9110 section 8.4), such as gzip. */
	private static boolean isCoded(HttpHeaders headers) {
		return headers.containsHeader(HttpHeaders.CONTENT_ENCODING)
				&& !FieldList.of(headers, HttpHeaders.CONTENT_ENCODING).stream().allMatch("identity"::equalsIgnoreCase);
	}

	/**
	 * Whether the HTTP server has already answered the request. Reactor Netty answers a
	 * malformed chunk with 400, and then completes the body as if it were whole.
	 */
	private static boolean isAnswered(ServerHttpRequest request) {
		return ServerHttpRequestDecorator.getNativeRequest(request) instanceof HttpServerResponse response
				&& response.hasSentHeaders();
	}

	private static <T> T parse(byte[] bytes, BiFunction<Envelope, MessageBody, T> more) {
		if (bytes.length == 0) {
			throw ProblemException.invalid("The body is empty");
		}
		try {
			Envelope envelope = Envelope.parse(bytes);
			return more.apply(envelope, message(envelope, bytes));
		}
		catch (JsonException ex) {
			throw ProblemException.invalid("The body: " + ex.getMessage());
		}
	}

	private static MessageBody message(Envelope envelope, byte[] bytes) {
		String method = envelope.string("method");
		Payload payload = envelope.optionalPayload("payload");
		if (method.isEmpty()) {
			throw ProblemException.invalid("member 'method' must not be empty");
		}
		return new MessageBody(method, (payload != null) ? payload : Payload.NULL, Payload.of(bytes));
	}

	/** Makes the problem of a message over the frame limit. */
	static ProblemException tooLarge(long maxFrameBytes) {
		return new ProblemException(Problem.PAYLOAD_TOO_LARGE, "A message has at most " + maxFrameBytes + " bytes");
	}

}
