package dev.switchboard.api;

import dev.switchboard.diagnosis.Diagnoses;
import reactor.core.publisher.Mono;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;

/** Shows why an agent can be reached or cannot. */
@RestController
final class DiagnosisController {

	private final Diagnoses diagnoses;

	DiagnosisController(Diagnoses diagnoses) {
		this.diagnoses = diagnoses;
	}

	@GetMapping(path = "/v1/tenants/{tenant}/agents/{agent}/diagnosis", produces = MediaType.APPLICATION_JSON_VALUE)
	Mono<Void> get(ServerWebExchange exchange) {
		return this.diagnoses.of(ApiRequests.agentId(exchange))
			.flatMap((diagnosis) -> ApiResponses.write(exchange.getResponse(), 200, diagnosis.json()));
	}

}
