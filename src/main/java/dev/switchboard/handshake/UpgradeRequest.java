package dev.switchboard.handshake;

import dev.switchboard.listener.FieldList;
import dev.switchboard.problem.Problem;
import dev.switchboard.problem.ProblemException;
import io.netty.channel.Channel;
import reactor.netty.channel.ChannelOperations;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/**
 * The request that opens a connection: {@code GET /v1/connect} with a WebSocket upgrade.
 */
final class UpgradeRequest {

	static final String SUBPROTOCOL = "switchboard.v1.json";

	static final HttpMethod METHOD = HttpMethod.GET;

	private static final String PATH = "/v1/connect";

	private UpgradeRequest() {
	}

	/**
	 * Checks the request, except for its credentials and the headers that the upgrade
	 * itself checks.
	 * @throws ProblemException if the path, the method, the upgrade headers or the
	 * offered subprotocols are wrong, or if the request has a body
	 */
	static void require(ServerHttpRequest request) {
		if (!request.getPath().pathWithinApplication().value().equals(PATH)) {
			throw new ProblemException(Problem.NOT_FOUND, "Agents connect at " + PATH);
		}
		if (!METHOD.equals(request.getMethod())) {
			throw new ProblemException(Problem.METHOD_NOT_ALLOWED, "Agents connect with " + METHOD);
		}
		if (!isUpgrade(request)) {
			throw ProblemException.invalid("This is a WebSocket endpoint (RFC 6455)");
		}
		if (hasBody(request.getHeaders())) {
			throw ProblemException.invalid("An upgrade has no body");
		}
		// Names of subprotocols are case-sensitive, so FieldList.contains does not fit.
		if (!FieldList.of(request.getHeaders(), "Sec-WebSocket-Protocol").contains(SUBPROTOCOL)) {
			throw ProblemException.invalid("Offer the subprotocol " + SUBPROTOCOL);
		}
	}

	/** Returns the channel on which a request came. */
	static Channel channel(ServerHttpRequest request) {
		ChannelOperations<?, ?> operations = ServerHttpRequestDecorator.getNativeRequest(request);
		return operations.channel();
	}

	private static boolean isUpgrade(ServerHttpRequest request) {
		return FieldList.contains(request.getHeaders(), HttpHeaders.UPGRADE, "websocket")
				&& FieldList.contains(request.getHeaders(), HttpHeaders.CONNECTION, "upgrade");
	}

	/**
	 * Whether the request has a body. The gateway would take the body's bytes for frames.
	 */
	private static boolean hasBody(HttpHeaders headers) {
		return headers.getContentLength() > 0 || headers.containsHeader(HttpHeaders.TRANSFER_ENCODING);
	}

}
