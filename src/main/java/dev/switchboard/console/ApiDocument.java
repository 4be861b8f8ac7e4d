package dev.switchboard.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

/**
 * The OpenAPI document of the REST API.
 *
 * @param yaml the original file
 * @param json the same document as JSON
 */
record ApiDocument(Resource yaml, Resource json) {

	/**
	 * Reads the document from the class path.
	 * @throws UncheckedIOException if the document is missing
	 */
	static ApiDocument read() {
		byte[] yaml = bytes("openapi/openapi.yaml");
		Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(new String(yaml, StandardCharsets.UTF_8));
		byte[] json = JsonMapper.shared().writeValueAsBytes(tree);
		return new ApiDocument(new ByteArrayResource(yaml), new ByteArrayResource(json));
	}

	private static byte[] bytes(String path) {
		try {
			return new ClassPathResource(path).getContentAsByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
