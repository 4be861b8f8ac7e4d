package dev.switchboard.directory;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.switchboard.call.CallTable;
import dev.switchboard.call.NewCall;
import dev.switchboard.database.Sha256;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;

/** Draws the steps of recorded calls. */
final class CallSteps {

	private static final List<String> OUTCOMES = List.of("{}", "{\"b\": \"\u0436 \ud83d\ude00\", \"a\":1}",
			"\"" + "z".repeat(70_000) + "\"");

	private final HistoryNames names;

	private final List<NewCall> begun = new ArrayList<>();

	CallSteps(HistoryNames names) {
		this.names = names;
	}

	HistoryStep next() {
		int kind = this.names.below(8);
		if (kind < 3 || this.begun.isEmpty()) {
			return begin(call());
		}
		return switch (kind) {
			case 3 -> begin(this.names.any(this.begun));
			case 4 -> end();
			case 5 -> settle();
			case 6 -> find();
			default -> expire();
		};
	}

	private NewCall call() {
		AgentId agent = this.names.agent();
		String key = this.names.chance(3) ? null : this.names.text();
		String caller = this.names.chance(8) ? "\u00e4".repeat(512) : this.names.text();
		NewCall call = new NewCall(new CallId(this.names.uuid()), agent, caller, key,
				Sha256.of(this.names.text().getBytes(StandardCharsets.UTF_8)), this.names.lifetime());
		this.begun.add(call);
		return call;
	}

	private HistoryStep begin(NewCall call) {
		int node = this.names.node();
		return new HistoryStep("begin " + described(call) + " by node " + node,
				(world) -> world.nodes.get(node).calls.begin(call));
	}

	private HistoryStep end() {
		NewCall call = this.names.any(this.begun);
		String outcome = outcome();
		Duration keep = this.names.lifetime();
		return new HistoryStep("end " + call.id() + ", " + outcome.length() + " characters, keep " + keep,
				(world) -> world.nodes.getFirst().calls.end(call.id(), payload(outcome), keep));
	}

	private HistoryStep settle() {
		NewCall call = this.names.chance(3) ? call() : this.names.any(this.begun);
		int node = this.names.node();
		String outcome = outcome();
		Duration keep = this.names.lifetime();
		return new HistoryStep("settle " + described(call) + " by node " + node + ", " + outcome.length()
				+ " characters, keep " + keep,
				(world) -> world.nodes.get(node).calls.settle(call, payload(outcome), keep));
	}

	private HistoryStep find() {
		NewCall call = this.names.any(this.begun);
		String tenant = this.names.agent().tenant();
		return new HistoryStep("find " + call.id() + " of " + tenant,
				(world) -> world.nodes.getFirst().calls.find(tenant, call.id(), TestNode.LIMIT));
	}

	private HistoryStep expire() {
		int limit = 1 + this.names.below(3);
		return new HistoryStep("expire calls, " + limit + " at a time",
				(world) -> world.inBatches(limit, CallTable::expire));
	}

	/** Draws an outcome; few are long, since a long one takes time. */
	private String outcome() {
		return OUTCOMES.get(this.names.chance(20) ? 2 : this.names.below(2));
	}

	private static Payload payload(String json) {
		return Payload.of(json.getBytes(StandardCharsets.UTF_8));
	}

	private static String described(NewCall call) {
		return call.id() + " to " + call.agent() + ", caller " + call.caller().codePointAt(0) + ", key " + call.key()
				+ ", keep " + call.keep();
	}

}
