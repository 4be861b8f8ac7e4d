package dev.switchboard.console;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks an example against its schema, as far as the document uses schemas: types,
 * members, enumerations and alternatives.
 */
record ExampleCheck(DocumentTree document) {

	boolean fits(JsonNode value, JsonNode unresolved) {
		JsonNode schema = this.document.resolved(unresolved);
		if (schema.has("properties") && schema.has("oneOf") && value instanceof ObjectNode object) {
			return fitsBoth(object, schema);
		}
		return fitsType(value, schema.path("type").asString("")) && fitsValues(value, schema)
				&& fitsMembers(value, schema) && fitsItems(value, schema) && fitsAlternatives(value, schema);
	}

	/**
	 * Checks the members that the schema names itself, and the other members against the
	 * alternatives.
	 */
	private boolean fitsBoth(ObjectNode value, JsonNode schema) {
		List<String> own = schema.get("properties").propertyStream().map(Map.Entry::getKey).toList();
		return fitsMembers(value.deepCopy().retain(own), schema)
				&& fitsAlternatives(value.deepCopy().remove(own), schema);
	}

	private static boolean fitsType(JsonNode value, String type) {
		return switch (type) {
			case "" -> true;
			case "object" -> value.isObject();
			case "array" -> value.isArray();
			case "string" -> value.isString();
			case "boolean" -> value.isBoolean();
			case "integer" -> value.isIntegralNumber();
			default -> throw new IllegalArgumentException(type);
		};
	}

	private static boolean fitsValues(JsonNode value, JsonNode schema) {
		JsonNode values = schema.path("enum");
		return (values.isMissingNode() || values.valueStream().anyMatch(value::equals))
				&& (!schema.has("const") || schema.get("const").equals(value));
	}

	private boolean fitsMembers(JsonNode value, JsonNode schema) {
		JsonNode properties = schema.path("properties");
		return names(schema.path("required")).allMatch(value::has)
				&& (properties.isMissingNode() || value.propertyStream()
					.allMatch((member) -> properties.has(member.getKey())
							&& fits(member.getValue(), properties.get(member.getKey()))));
	}

	private boolean fitsItems(JsonNode value, JsonNode schema) {
		return !schema.has("items") || value.valueStream().allMatch((item) -> fits(item, schema.get("items")));
	}

	private boolean fitsAlternatives(JsonNode value, JsonNode schema) {
		return !schema.has("oneOf")
				|| schema.get("oneOf").valueStream().filter((alternative) -> fits(value, alternative)).count() == 1;
	}

	private static Stream<String> names(JsonNode array) {
		return array.valueStream().map(JsonNode::asString);
	}

}
