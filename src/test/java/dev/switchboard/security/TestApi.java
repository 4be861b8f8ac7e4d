package dev.switchboard.security;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** The paths of the API, each answering with its caller's name, behind the filters. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({ SecurityConfiguration.class, JwtConfiguration.class, TestApi.Controller.class })
class TestApi {

	@RestController
	static class Controller {

		@PostMapping({ "/v1/tenants/{tenant}/agents/{agent}/calls", "/v1/tenants/{tenant}/agents/{agent}/pushes" })
		String send(ServerWebExchange exchange) {
			return Caller.of(exchange).name();
		}

		@GetMapping({ "/v1/tenants/{tenant}/agents", "/v1/tenants/{tenant}/agents/{agent}",
				"/v1/tenants/{tenant}/calls/{id}", "/v1/tenants/{tenant}/events", "/v1/nodes", "/docs/index.html" })
		String read(ServerWebExchange exchange) {
			return Caller.of(exchange).name();
		}

		@DeleteMapping({ "/v1/tenants/{tenant}/calls/{id}", "/v1/tenants/{tenant}/agents/{agent}/connection" })
		String delete(ServerWebExchange exchange) {
			return Caller.of(exchange).name();
		}

	}

}
