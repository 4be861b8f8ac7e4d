package dev.switchboard.listener;

import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;

import dev.switchboard.problem.ProblemException;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the HTTP codec and Reactor Netty on one connection. The gate answers a
 * malformed request with a problem, after the answers to the earlier requests, and then
 * closes the connection. Reactor Netty would answer without a body, and log the peer's
 * bytes. If the peer closes its sending side, the requests that it has sent still get
 * their answers.
 */
final class HttpGate extends ChannelDuplexHandler {

	static final String NAME = "switchboard.gate";

	/**
	 * How long the socket stays open after a refusal, so that the peer can read the
	 * refusal. If the socket closed at once while the peer sends, the kernel would send a
	 * reset.
	 */
	private static final long LINGER_MILLIS = 500;

	private final BiConsumer<String, SocketAddress> refused;

	private final BooleanSupplier lastAnswers;

	/** The number of requests that were passed on and whose answers have not ended. */
	private int unanswered;

	private final RequestProgress progress = new RequestProgress(this);

	private boolean isOldHttp;

	/** The answer that has begun but not ended; null if there is none. */
	private @Nullable HttpResponse begun;

	private @Nullable FullHttpResponse refusal;

	/**
	 * The number of answers that must end before the refusal. It becomes negative if the
	 * refused request was answered before its fault was found; then the refusal is not
	 * written.
	 */
	private int ahead;

	private boolean refusalWritten;

	private boolean inputEnded;

	/** Whether an answer has said that it is the last one on this connection. */
	private boolean saidLast;

	/**
	 * @param refused is called with the fault and the peer of a malformed request
	 * @param lastAnswers whether each answer is to be the last one on its connection
	 */
	HttpGate(BiConsumer<String, SocketAddress> refused, BooleanSupplier lastAnswers) {
		this.refused = refused;
		this.lastAnswers = lastAnswers;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (this.refusal == null && message instanceof HttpObject part) {
			ProblemException fault = RequestRules.faultOf(part);
			if (fault == null) {
				note(part);
				context.fireChannelRead(message);
				return;
			}
			refuse(context, (part instanceof HttpRequest) ? this.unanswered : this.unanswered - 1, fault);
		}
		ReferenceCountUtil.release(message);
	}

	private void note(HttpObject part) {
		this.progress.note(part);
		if (part instanceof HttpRequest request) {
			this.unanswered++;
			this.isOldHttp = request.protocolVersion().equals(HttpVersion.HTTP_1_0);
		}
	}

	private void refuse(ChannelHandlerContext context, int ahead, ProblemException fault) {
		this.refused.accept(fault.detail(), context.channel().remoteAddress());
		refuse(context, ahead, ProblemResponse.of(fault));
	}

	private void refuse(ChannelHandlerContext context, int ahead, FullHttpResponse refusal) {
		this.refusal = refusal;
		this.ahead = ahead;
		goOn(context);
	}

	/**
	 * Refuses the request that is arriving, after the answers to the earlier ones, and
	 * then closes the connection.
	 * @param context this handler's own context
	 */
	void refuseLast(ChannelHandlerContext context, FullHttpResponse refusal) {
		refuse(context, this.progress.isReceiving() ? this.unanswered - 1 : this.unanswered, refusal);
	}

	/**
	 * Writes the refusal if all earlier answers have ended. Closes the connection if no
	 * answer is missing and no further request can come.
	 */
	private void goOn(ChannelHandlerContext context) {
		if (this.refusal != null && this.ahead == 0 && this.begun == null) {
			this.refusalWritten = true;
			context.writeAndFlush(this.refusal).addListener((_) -> linger(context));
			context.read();
		}
		else if (this.unanswered == 0 && (this.refusal != null || this.inputEnded || this.saidLast)) {
			context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
		}
	}

	private void linger(ChannelHandlerContext context) {
		if (this.inputEnded || !(context.channel() instanceof DuplexChannel channel)) {
			context.close();
			return;
		}
		channel.shutdownOutput();
		context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		if (this.refusalWritten) {
			context.read();
		}
		context.fireChannelReadComplete();
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (this.refusalWritten) {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
			return;
		}
		if (message instanceof HttpResponse response && isFinal(response)) {
			begin(response);
		}
		context.write(explained(context, message), promise);
		if (message instanceof LastHttpContent && this.begun != null) {
			this.begun = null;
			this.unanswered--;
			this.ahead--;
			goOn(context);
		}
	}

	/**
	 * Begins an answer. If it is to be the last one, and no further request waits, the
	 * answer says so.
	 */
	private void begin(HttpResponse response) {
		this.begun = response;
		if (this.unanswered == 1 && this.lastAnswers.getAsBoolean()) {
			response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
			this.saidLast = true;
		}
	}

	private static boolean isFinal(HttpResponse response) {
		return response.status().codeClass() != HttpStatusClass.INFORMATIONAL;
	}

	private Object explained(ChannelHandlerContext context, Object message) {
		if (!ProblemResponse.isBareRefusal(message)) {
			return message;
		}
		ProblemException problem = ProblemException.invalid("The request target or a header is malformed");
		this.refused.accept(problem.detail(), context.channel().remoteAddress());
		return ProblemResponse.explained((FullHttpResponse) message, problem);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		if (event == ChannelInputShutdownEvent.INSTANCE) {
			this.inputEnded = true;
			inputEnded(context);
		}
		context.fireUserEventTriggered(event);
	}

	private void inputEnded(ChannelHandlerContext context) {
		if (this.refusal == null && this.progress.isReceiving()) {
			refuse(context, this.unanswered - 1, ProblemException.invalid("The request broke off"));
		}
		else if (this.refusalWritten || (this.unanswered > 0 && this.isOldHttp)) {
			context.close(); // HTTP/1.0 allows no probe, so this is a hang-up.
		}
		else if (this.unanswered > 0) {
			new HangUpWatch(context, this).start();
		}
		else {
			goOn(context);
		}
	}

	RequestProgress progress() {
		return this.progress;
	}

	/** Whether all requests but the one that was passed on last are answered. */
	boolean isOnlyOne() {
		return this.unanswered == 1;
	}

	/** Whether an answer to the peer is still missing or has not ended. */
	boolean isAnswering() {
		return this.unanswered > 0;
	}

	/** Returns the answer that has begun but not ended; null if there is none. */
	@Nullable HttpResponse begun() {
		return this.begun;
	}

}
