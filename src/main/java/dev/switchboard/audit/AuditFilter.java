package dev.switchboard.audit;

import java.util.Map;
import java.util.Set;

import dev.switchboard.log.UnblockedLog;
import dev.switchboard.problem.FilterOrder;
import dev.switchboard.time.TimeSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Writes a line for each request of the API that sends or changes something, when it has
 * ended. It sees the requests that Spring Security refuses, too. The log never waits:
 * lines that its output does not take are discarded and counted.
 */
final class AuditFilter implements WebFilter, Ordered {

	private static final Logger logger = LoggerFactory.getLogger(UnblockedLog.AUDIT);

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private static final String API = "/v1/";

	private final TimeSource time;

	AuditFilter(TimeSource time) {
		this.time = time;
	}

	@Override
	public int getOrder() {
		return FilterOrder.AUDIT;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		if (READING.contains(exchange.getRequest().getMethod())
				|| !exchange.getRequest().getPath().value().startsWith(API)) {
			return chain.filter(exchange);
		}
		AuditEntry entry = new AuditEntry(this.time.now(), AuditedExchange.from(exchange));
		AuditedExchange.begin(exchange, entry);
		return chain.filter(exchange)
			.doOnError(entry::failure)
			.doOnCancel(entry::callerGone)
			.doFinally((_) -> write(exchange, entry));
	}

	private void write(ServerWebExchange exchange, AuditEntry entry) {
		Object pattern = exchange.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
		String path = (pattern != null) ? pattern.toString() : exchange.getRequest().getPath().value();
		Map<String, String> variables = exchange.getAttributeOrDefault(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
				Map.of());
		HttpStatusCode status = exchange.getResponse().getStatusCode();
		logger.info("{}", entry.toJson(exchange.getRequest().getMethod() + " " + path, variables.get("tenant"),
				variables.get("agent"), (status != null) ? status.value() : 0, this.time.now()));
	}

}
