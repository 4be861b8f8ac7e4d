package dev.switchboard.cluster.simulation;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import io.netty.channel.epoll.Epoll;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Hooks;

/**
 * The command that simulates clusters. It needs a JVM of its own, because it replaces
 * Reactor's schedulers. {@code CONTRIBUTING.md} names its commands.
 */
public final class Simulation {

	private static final String COMMANDS = "the commands are: seed N, story FILE..., shrink N, find RULE LIVES LIKELY, "
			+ "range FIRST LAST, hash FIRST LAST, twice FIRST LAST";

	private static volatile @Nullable Life present;

	private Simulation() {
	}

	/**
	 * Runs a command, and ends the process. The status is 1 if a life broke a rule, 2 if
	 * the command or its story is not understood, and 3 if a life made no progress.
	 */
	public static void main(String[] arguments) throws Exception {
		System.exit(execute(arguments));
	}

	/** Runs a command on a thread of its own, and returns the status. */
	public static int execute(String[] arguments) throws Exception {
		FutureTask<Integer> command = new FutureTask<>(() -> status(List.of(arguments)));
		Thread thread = new FastThreadLocalThread(command, "world");
		thread.setContextClassLoader(Simulation.class.getClassLoader());
		thread.start();
		Watchdog.watch(thread, () -> present);
		return command.get();
	}

	private static int status(List<String> arguments) throws Exception {
		try {
			return run(arguments) ? 0 : 1;
		}
		catch (IllegalArgumentException ex) {
			System.out.println(ex.getMessage());
			return 2;
		}
	}

	private static boolean run(List<String> arguments) throws Exception {
		prepare();
		String command = arguments.isEmpty() ? "" : arguments.getFirst();
		return switch (command) {
			case "seed" -> one(LifePlan.of(number(arguments, 1)));
			case "story" -> stories(arguments.subList(1, arguments.size()));
			case "range" -> range(number(arguments, 1), number(arguments, 2));
			case "shrink" -> shrink(number(arguments, 1));
			case "find" ->
				find(Rule.of(Math.toIntExact(number(arguments, 1))), number(arguments, 2), number(arguments, 3));
			case "hash" -> hash(number(arguments, 1), number(arguments, 2));
			case "twice" -> twice(number(arguments, 1), number(arguments, 2));
			default -> throw new IllegalArgumentException(COMMANDS);
		};
	}

	private static boolean stories(List<String> files) throws Exception {
		argument(files, 0);
		boolean clean = true;
		for (String file : files) {
			System.out.println(file);
			clean &= one(LifePlan.parse(Files.readAllLines(Path.of(file))));
		}
		return clean;
	}

	private static String argument(List<String> arguments, int index) {
		if (arguments.size() <= index) {
			throw new IllegalArgumentException(COMMANDS);
		}
		return arguments.get(index);
	}

	private static long number(List<String> arguments, int index) {
		return Long.parseLong(argument(arguments, index));
	}

	private static void prepare() throws Exception {
		Epoll.ensureAvailability();
		SimulatedScheduler.install(() -> life().world(), () -> life().reactor());
		ErrorLog.install((error) -> life().violations().add(Rule.NO_ERRORS, error));
		Hooks.onErrorDropped(
				(error) -> life().violations().add(Rule.NO_ERRORS, "dropped: " + error + " at " + ours(error)));
		// Classes draw random numbers when they are loaded. After this life, all are.
		live(LifePlan.of(0), false);
	}

	/**
	 * Returns the first place of the gateway's code in a stack trace, or in a cause's.
	 */
	private static String ours(Throwable error) {
		return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
			.flatMap((each) -> Arrays.stream(each.getStackTrace()))
			.map(String::valueOf)
			.filter((frame) -> frame.contains("dev.switchboard"))
			.findFirst()
			.orElse("an unknown place");
	}

	private static Life life() {
		return Objects.requireNonNull(present);
	}

	static Life.Result live(LifePlan plan, boolean traced) {
		seedThread(plan.seed());
		Life life = new Life(plan, traced);
		present = life;
		return life.live();
	}

	private static void seedThread(long seed) {
		try {
			ThreadLocalRandom.current();
			Field field = Thread.class.getDeclaredField("threadLocalRandomSeed");
			field.setAccessible(true);
			field.setLong(Thread.currentThread(), seed * 0x9E37_79B9_7F4A_7C15L);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException("the JVM needs --add-opens java.base/java.lang=ALL-UNNAMED", ex);
		}
	}

	private static boolean one(LifePlan plan) throws Exception {
		Life.Result result = live(plan, true);
		Files.write(Path.of("target/simulation.trace"), result.trace());
		System.out.println(String.join("\n", plan.lines()));
		System.out.println(line(result));
		return result.violations().isEmpty();
	}

	private static boolean range(long first, long last) {
		long started = processorNanos();
		List<Long> broken = new ArrayList<>();
		double virtual = 0;
		long tasks = 0;
		for (long seed = first; seed <= last; seed++) {
			Life.Result result = live(LifePlan.of(seed), false);
			virtual += result.virtualSeconds();
			tasks += result.tasks();
			if (!result.violations().isEmpty()) {
				broken.add(seed);
				System.out.println(line(result));
			}
		}
		double seconds = (processorNanos() - started) / 1e9;
		System.out.printf(Locale.ROOT,
				"%d lives in %.1f s of processor time, %.0f times real time, %.0f tasks/s, %d broke a rule%n",
				last - first + 1, seconds, virtual / seconds, tasks / seconds, broken.size());
		return broken.isEmpty();
	}

	/**
	 * Returns the processor time of this process, its compiler and collector included.
	 */
	private static long processorNanos() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	/** Finds the smallest story of a life that breaks a rule. */
	private static boolean shrink(long seed) throws Exception {
		LifePlan plan = LifePlan.of(seed);
		Violations violations = live(plan, false).violations();
		if (violations.isEmpty()) {
			System.out.println("seed " + seed + " breaks no rule");
			return true;
		}
		Rule rule = violations.rules().iterator().next();
		one(new Shrinker((smaller) -> live(smaller, false).violations().rules().contains(rule)).shrink(plan));
		System.out.println("rule " + rule + ": " + rule.sentence());
		return false;
	}

	/**
	 * Looks for a life that breaks a rule.
	 * @param lives how many lives to look at
	 * @param likely the life to look at first
	 */
	private static boolean find(Rule rule, long lives, long likely) {
		Set<Rule> others = EnumSet.noneOf(Rule.class);
		for (long seed : LongStream.concat(LongStream.of(likely), LongStream.rangeClosed(1, lives)).toArray()) {
			Life.Result result = live(LifePlan.of(seed), false);
			if (result.violations().rules().contains(rule)) {
				System.out.println("found in life " + seed + ": " + line(result));
				return false;
			}
			others.addAll(result.violations().rules());
		}
		System.out.println("rule " + rule + " was kept in " + lives + " lives, which broke " + others);
		return true;
	}

	/** Prints the hash of each life. Two JVMs print the same lines for the same seeds. */
	private static boolean hash(long first, long last) {
		LifeHashes.of(first, last, Simulation::hash).lines().forEach(System.out::println);
		return true;
	}

	/** Lives all lives, and then all of them again from the last one to the first. */
	private static boolean twice(long first, long last) {
		LifeHashes once = LifeHashes.of(first, last, Simulation::hash);
		List<Long> different = once.different(LifeHashes.of(last, first, Simulation::hash));
		once.lines().forEach(System.out::println);
		different.forEach((seed) -> System.out.println("life " + seed + " was another one the second time"));
		return different.isEmpty();
	}

	private static long hash(long seed) {
		return live(LifePlan.of(seed), false).hash();
	}

	private static String line(Life.Result result) {
		return String.format(Locale.ROOT, "seed %d hash %016x tasks %d %s %s", result.plan().seed(), result.hash(),
				result.tasks(), result.outcomes(), result.violations());
	}

}
