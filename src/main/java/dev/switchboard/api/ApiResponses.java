package dev.switchboard.api;

import java.nio.ByteBuffer;

import dev.switchboard.audit.AuditedExchange;
import dev.switchboard.call.CallOutcome;
import dev.switchboard.json.Payload;
import dev.switchboard.problem.ProblemWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** Writes answers: bytes, nothing, or a stream of lines. */
final class ApiResponses {

	private static final NettyDataBufferFactory BUFFERS = new NettyDataBufferFactory(ByteBufAllocator.DEFAULT);

	private ApiResponses() {
	}

	static Mono<Void> write(ServerHttpResponse response, CallOutcome outcome, ProblemWriter problems) {
		if (outcome.status() < 400) {
			return write(response, outcome.status(), outcome.answer());
		}
		AuditedExchange.answer(response, outcome.status(), outcome.answer());
		return problems.write(response, outcome.status(), outcome.answer());
	}

	static Mono<Void> write(ServerHttpResponse response, int status, byte[] json) {
		return write(response, status, Payload.of(json));
	}

	static Mono<Void> write(ServerHttpResponse response, int status, Payload json) {
		AuditedExchange.answer(response, status, json);
		response.setRawStatusCode(status);
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(MediaType.APPLICATION_JSON);
		headers.setContentLength(json.length());
		return response.writeWith(Mono.fromSupplier(
				() -> response.bufferFactory().wrap(ByteBuffer.wrap(json.bytes(), json.offset(), json.length()))));
	}

	/** Answers 204. */
	static Mono<Void> writeNothing(ServerHttpResponse response) {
		response.setStatusCode(HttpStatus.NO_CONTENT);
		return response.setComplete();
	}

	/**
	 * Writes a stream, and flushes each line. The status is sent with the first line. If
	 * the call fails before that, nothing is written, and the result is an error. If the
	 * caller hangs up, the subscription to the outcome is cancelled.
	 */
	static Mono<Void> write(ServerHttpResponse response, ChunkStream stream, Mono<CallOutcome> outcome) {
		return writeLines(response, stream.lines(), Flux.defer(() -> {
			Disposable call = outcome
				.doOnNext((ended) -> AuditedExchange.answer(response, ended.status(), ended.answer()))
				.subscribe(stream::end, stream::fail);
			return stream.lines().lines().doOnCancel(call::dispose);
		}));
	}

	/**
	 * Writes a stream, and flushes each line. The status is sent with the first line.
	 * @param begun the lines, with what happens when they are subscribed to and cancelled
	 */
	static Mono<Void> writeLines(ServerHttpResponse response, LineStream stream, Flux<ByteBuf> begun) {
		return stream(response, stream.mediaType(), begun.map((line) -> Mono.just(BUFFERS.wrap(line))));
	}

	/**
	 * Writes lines as they come, and flushes each line. Requests more lines as the caller
	 * takes them.
	 */
	static Mono<Void> writeLines(ServerHttpResponse response, MediaType type, Flux<byte[]> lines) {
		return stream(response, type, lines.map((line) -> Mono.just(response.bufferFactory().wrap(line))));
	}

	private static Mono<Void> stream(ServerHttpResponse response, MediaType type, Flux<Mono<DataBuffer>> lines) {
		HttpHeaders headers = response.getHeaders();
		headers.setContentType(type);
		headers.setCacheControl("no-store");
		headers.set("X-Accel-Buffering", "no"); // nginx would hold the lines back
		return response.writeAndFlushWith(lines);
	}

}
