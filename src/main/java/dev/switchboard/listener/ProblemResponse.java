package dev.switchboard.listener;

import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

import org.springframework.http.MediaType;

/**
 * Turns problems into Netty's responses, for requests that never reach Spring.
 */
final class ProblemResponse {

	private static final int BAD_REQUEST = 400;

	private ProblemResponse() {
	}

	/** Returns the problem as an answer after which the connection closes. */
	static FullHttpResponse of(ProblemException problem) {
		FullHttpResponse response = of(problem.problem(), problem.toJson());
		response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		if (problem.problem().status() == HttpResponseStatus.UNAUTHORIZED.code()) {
			response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
		}
		return response;
	}

	/** Returns the problem, whose JSON object exists already, as an answer. */
	static FullHttpResponse of(Problem problem, byte[] json) {
		return described(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(problem.status()),
				Unpooled.wrappedBuffer(json)));
	}

	/** Whether Reactor Netty or Spring refused a request without saying why. */
	static boolean isBareRefusal(Object message) {
		return message instanceof FullHttpResponse response && response.status().code() == BAD_REQUEST
				&& !response.content().isReadable() && !response.headers().contains(HttpHeaderNames.CONTENT_TYPE);
	}

	/** Returns the same response with the problem as its body. Releases the original. */
	static FullHttpResponse explained(FullHttpResponse bare, ProblemException problem) {
		FullHttpResponse response = bare.replace(Unpooled.wrappedBuffer(problem.toJson()));
		bare.release();
		return described(response);
	}

	private static FullHttpResponse described(FullHttpResponse response) {
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE)
			.set("X-Content-Type-Options", "nosniff")
			.set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
			.setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
		return response;
	}

}
