package dev.switchboard.audit;

import java.net.InetSocketAddress;

import dev.switchboard.json.Payload;
import org.jspecify.annotations.Nullable;

import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebExchangeDecorator;

/**
 * A request that is audited, as controllers get it. To ask whether a request is one costs
 * nothing, so the audit costs nothing while it is off.
 */
public final class AuditedExchange extends ServerWebExchangeDecorator {

	private static final String ATTRIBUTE = AuditEntry.class.getName();

	private final AuditEntry entry;

	private final Response response;

	private AuditedExchange(ServerWebExchange exchange, AuditEntry entry) {
		super(exchange);
		this.entry = entry;
		this.response = new Response(exchange.getResponse(), entry);
	}

	@Override
	public ServerHttpResponse getResponse() {
		return this.response;
	}

	/** Begins an entry for a request. */
	static void begin(ServerWebExchange exchange, AuditEntry entry) {
		exchange.getAttributes().put(ATTRIBUTE, entry);
	}

	/** Returns the request in the form in which controllers note things about it. */
	static ServerWebExchange of(ServerWebExchange exchange) {
		AuditEntry entry = exchange.getAttribute(ATTRIBUTE);
		return (entry != null) ? new AuditedExchange(exchange, entry) : exchange;
	}

	/** Notes whose token a request has, before it is known whether the token suffices. */
	public static void caller(ServerWebExchange exchange, JwtAuthenticationToken caller) {
		AuditEntry entry = exchange.getAttribute(ATTRIBUTE);
		if (entry != null) {
			entry.caller(caller.getName(), caller.getToken().getClaimAsString("iss"));
		}
	}

	/** Notes the message that a request sends. Does nothing if it is not audited. */
	public static void message(ServerWebExchange exchange, String method, Payload payload) {
		if (exchange instanceof AuditedExchange audited) {
			audited.entry.message(method, payload);
		}
	}

	/** Notes the answer of a request. Does nothing if it is not audited. */
	public static void answer(ServerHttpResponse response, int status, Payload json) {
		if (response instanceof Response audited) {
			audited.entry.answer(status, json);
		}
	}

	/** Returns the address that a request came from, without its port. */
	static @Nullable String from(ServerWebExchange exchange) {
		InetSocketAddress address = exchange.getRequest().getRemoteAddress();
		return (address != null && address.getAddress() != null) ? address.getAddress().getHostAddress() : null;
	}

	private static final class Response extends ServerHttpResponseDecorator {

		private final AuditEntry entry;

		Response(ServerHttpResponse response, AuditEntry entry) {
			super(response);
			this.entry = entry;
		}

	}

}
