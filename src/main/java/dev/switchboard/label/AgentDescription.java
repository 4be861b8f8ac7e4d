package dev.switchboard.label;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Salvage;
import dev.switchboard.protocol.Frame;
import org.jspecify.annotations.Nullable;

/**
 * An agent's description of itself: its labels and its version. It is kept as text, which
 * takes a fraction of the memory of a map. Equal descriptions have equal texts.
 *
 * @param json the members {@code agentVersion} and {@code labels}, as far as they are
 * there, in a JSON object; the labels are in the order of their names
 */
public record AgentDescription(String json) {

	/** The description of an agent that has neither labels nor a version. */
	public static final AgentDescription NONE = new AgentDescription("{}");

	/** Returns what an agent says about itself. */
	public static AgentDescription of(Frame.Hello hello) {
		return of(new JsonWriter().optionalString("agentVersion", hello.agentVersion())
			.strings("labels", new TreeMap<>(hello.labels()))
			.end());
	}

	static AgentDescription of(byte[] json) {
		return new AgentDescription(new String(json, StandardCharsets.UTF_8));
	}

	/** Returns the labels by their names. */
	public Map<String, String> labels() {
		return salvage().strings("labels");
	}

	public @Nullable String agentVersion() {
		return salvage().string("agentVersion");
	}

	/** Adds the version and the labels, as far as they are there, to an object. */
	public JsonWriter addTo(JsonWriter object) {
		Salvage members = salvage();
		return object.optionalString("agentVersion", members.string("agentVersion"))
			.strings("labels", members.strings("labels"));
	}

	private Salvage salvage() {
		return Salvage.of(bytes());
	}

	byte[] bytes() {
		return this.json.getBytes(StandardCharsets.UTF_8);
	}

}
