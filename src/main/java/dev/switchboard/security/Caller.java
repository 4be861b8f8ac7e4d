package dev.switchboard.security;

import org.springframework.web.server.ServerWebExchange;

/**
 * Who makes a request on the API port.
 *
 * @param name the {@code sub} of its token, empty if it has none; {@code dev} where no
 * credentials are asked for
 */
public record Caller(String name) {

	private static final String ATTRIBUTE = Caller.class.getName();

	private static final Caller DEV = new Caller("dev");

	/** The caller of a request that has passed the filters. */
	public static Caller of(ServerWebExchange exchange) {
		return exchange.getAttributeOrDefault(ATTRIBUTE, DEV);
	}

	void bind(ServerWebExchange exchange) {
		exchange.getAttributes().put(ATTRIBUTE, this);
	}

}
