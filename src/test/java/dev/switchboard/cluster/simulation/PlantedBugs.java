package dev.switchboard.cluster.simulation;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.h2.util.JdbcUtils;
import org.h2.util.Utils;

/**
 * The command that looks for planted bugs, one after the other. All are in one JVM, which
 * saves most of the time. For each bug, the gateway's classes are loaded anew. Libraries
 * are loaded once.
 */
public final class PlantedBugs {

	private static final String OURS = "dev.switchboard.";

	private static final Path CLASSES = Path.of("target/planted-bugs");

	private static final String MOST_LIVES = "500";

	private PlantedBugs() {
	}

	/**
	 * Looks for bugs, and prints a line for each.
	 * @param files the files that describe the bugs
	 */
	public static void main(String[] files) throws Exception {
		JdbcUtils.addClassFactory(new OurClasses());
		for (String file : files) {
			PlantedBug bug = PlantedBug.read(Path.of(file));
			Path classes = Files.createDirectories(CLASSES.resolve(bug.name()));
			bug.compile(classes, System.getProperty("java.class.path"));
			System.out.print(bug + " ");
			System.out.flush();
			find(bug, classes);
		}
		System.exit(0);
	}

	private static void find(PlantedBug bug, Path classes) throws Exception {
		List<URL> places = new ArrayList<>(List.of(classes.toUri().toURL()));
		for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
			places.add(Path.of(place).toUri().toURL());
		}
		try (Loader loader = new Loader(places)) {
			String[] command = { "find", Integer.toString(bug.rule()), MOST_LIVES, Integer.toString(bug.life()) };
			loader.loadClass(Simulation.class.getName())
				.getMethod("execute", String[].class)
				.invoke(null, (Object) command);
		}
	}

	/** Loads the gateway's classes itself, and leaves all others to the JVM's loader. */
	private static final class Loader extends URLClassLoader {

		Loader(List<URL> places) {
			super(places.toArray(URL[]::new), PlantedBugs.class.getClassLoader());
		}

		@Override
		protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
			if (!name.startsWith(OURS)) {
				return super.loadClass(name, resolve);
			}
			synchronized (getClassLoadingLock(name)) {
				Class<?> loaded = findLoadedClass(name);
				return (loaded != null) ? loaded : findClass(name);
			}
		}

	}

	/** Shows H2 the class with the clock that it asks. */
	private static final class OurClasses implements Utils.ClassFactory {

		@Override
		public boolean match(String name) {
			return name.startsWith(OURS);
		}

		@Override
		public Class<?> loadClass(String name) throws ClassNotFoundException {
			return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
		}

	}

}
