package dev.switchboard.console;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API's document as a tree, to look things up in. */
record DocumentTree(JsonNode root) {

	private static final List<String> METHODS = List.of("get", "put", "post", "delete", "patch", "head", "options");

	static DocumentTree read() {
		try {
			return new DocumentTree(JsonMapper.shared().readTree(ApiDocument.read().json().getContentAsByteArray()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** All operations. */
	Stream<Operation> operations() {
		return this.root.get("paths")
			.propertyStream()
			.flatMap((path) -> path.getValue()
				.propertyStream()
				.filter((member) -> METHODS.contains(member.getKey()))
				.map((member) -> new Operation(member.getKey(), path.getKey(), member.getValue())));
	}

	/** The node itself, or the one that its {@code $ref} names. */
	JsonNode resolved(JsonNode node) {
		JsonNode reference = node.path("$ref");
		return reference.isString() ? this.root.requiredAt(reference.stringValue().substring(1)) : node;
	}

	/** All objects in it. */
	Stream<JsonNode> objects() {
		return descendants(this.root).filter(JsonNode::isObject);
	}

	/** All media types with their contents, named as {@code application/json} is. */
	Stream<MediaType> mediaTypes() {
		return objects().map((node) -> node.path("content"))
			.filter(JsonNode::isObject)
			.flatMap((content) -> content.propertyStream()
				.map((member) -> new MediaType(member.getKey(), member.getValue())));
	}

	/** The values of a media type's examples. */
	Stream<JsonNode> examples(JsonNode mediaType) {
		return mediaType.path("examples").valueStream().map((example) -> resolved(example).required("value"));
	}

	private static Stream<JsonNode> descendants(JsonNode node) {
		return Stream.concat(Stream.of(node), node.valueStream().flatMap(DocumentTree::descendants));
	}

	record Operation(String method, String path, JsonNode node) {

		String id() {
			return this.node.get("operationId").asString();
		}

		String tag() {
			return this.node.at("/tags/0").asString();
		}

		@Override
		public String toString() {
			return this.method + " " + this.path;
		}

	}

	record MediaType(String name, JsonNode node) {
	}

}
