package dev.switchboard.console;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the OpenAPI document of the API, and a page that shows it. The path decides the
 * format; {@code Accept} is ignored.
 */
@RestController
class DocumentController {

	/** The media type of YAML (RFC 9512). */
	private static final MediaType YAML = MediaType.parseMediaType("application/yaml");

	private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

	private static final MediaType SCRIPT = MediaType.parseMediaType("text/javascript;charset=UTF-8");

	private final ApiDocument document;

	private final Resource page = new ClassPathResource("console/docs.html");

	private final Resource script = new ClassPathResource("console/docs.js");

	DocumentController(ApiDocument document) {
		this.document = document;
	}

	@GetMapping("/openapi.yaml")
	ResponseEntity<Resource> yaml() {
		return as(YAML, this.document.yaml());
	}

	@GetMapping("/openapi.json")
	ResponseEntity<Resource> json() {
		return as(MediaType.APPLICATION_JSON, this.document.json());
	}

	@GetMapping("/docs")
	ResponseEntity<Resource> page() {
		return as(HTML, this.page);
	}

	@GetMapping("/docs/docs.js")
	ResponseEntity<Resource> script() {
		return as(SCRIPT, this.script);
	}

	private static ResponseEntity<Resource> as(MediaType type, Resource resource) {
		return ResponseEntity.ok().contentType(type).body(resource);
	}

}
