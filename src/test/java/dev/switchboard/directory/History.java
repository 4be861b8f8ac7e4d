package dev.switchboard.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import dev.switchboard.database.SteppedSession;
import reactor.core.publisher.Mono;

/**
 * A random history of the statements that the rooms {@code directory}, {@code node},
 * {@code call} and {@code push} send to the database, in the order in which one database
 * would run those of three nodes.
 *
 * @param seed the number that gives this history
 * @param steps the steps in their order
 */
record History(long seed, List<HistoryStep> steps) {

	private static final int LONGEST = 50;

	/** What a history has left. */
	record End(List<String> answers, Map<String, List<String>> rows) {
	}

	static History of(long seed) {
		Random random = new Random(seed);
		HistoryNames names = new HistoryNames(random);
		AgentSteps agents = new AgentSteps(names);
		NodeSteps nodes = new NodeSteps(names);
		CallSteps calls = new CallSteps(names);
		PushSteps pushes = new PushSteps(names);
		List<HistoryStep> steps = new ArrayList<>();
		IntStream.range(0, HistoryNames.NODES)
			.filter((_) -> !names.chance(4))
			.forEach((node) -> steps.add(nodes.register(node)));
		for (int left = 1 + names.below(LONGEST); left > 0; left--) {
			steps.add(switch (names.below(12)) {
				case 0, 1, 2, 3, 4 -> agents.next();
				case 5, 6 -> nodes.next();
				case 7 -> nodes.time();
				case 8, 9 -> pushes.next();
				default -> calls.next();
			});
		}
		return new History(seed, steps);
	}

	/** Runs the first steps on a database, and empties the database. */
	End run(SteppedSession session, int count) {
		session.begin();
		try {
			HistoryWorld world = new HistoryWorld(session, HistoryNames.START);
			session.setClock(HistoryNames.START);
			List<String> answers = this.steps.subList(0, count).stream().map((step) -> answer(step, world)).toList();
			return new End(answers, session.rows());
		}
		finally {
			session.rollBack();
		}
	}

	/** Returns the answer, or the kind of the error, whose text each database chooses. */
	private static String answer(HistoryStep step, HistoryWorld world) {
		return Mono.defer(() -> step.run().apply(world))
			.<String>map(String::valueOf)
			.defaultIfEmpty("nothing")
			.onErrorResume((failure) -> Mono.just(failure.getClass().getSimpleName()))
			.blockOptional(TestNode.LIMIT)
			.orElseThrow();
	}

}
