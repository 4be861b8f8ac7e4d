package dev.switchboard.drain;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK's class for them, {@code sun.misc.Signal}, is
 * exported but not specified. It is used by reflection, since the compiler warns of every
 * other use. Thread-safe.
 */
final class Signals {

	private Signals() {
	}

	/**
	 * Runs an action at each further signal of a kind, in place of the JVM's own action,
	 * which is to exit.
	 * @param name the name without {@code SIG}
	 * @param action is run on a thread of its own
	 * @return false if this JVM leaves the signal to the operating system, or has no such
	 * signals
	 */
	static boolean handle(String name, Runnable action) {
		try {
			Class<?> type = Class.forName("sun.misc.Signal");
			Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
			Constructor<?> constructor = type.getConstructor(String.class);
			Object handler = Proxy.newProxyInstance(handlerType.getClassLoader(), new Class<?>[] { handlerType },
					calling(action));
			type.getMethod("handle", type, handlerType).invoke(null, constructor.newInstance(name), handler);
			return true;
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return false;
		}
	}

	private static InvocationHandler calling(Runnable action) {
		return (_, method, _) -> {
			if (!method.getName().equals("handle")) {
				throw new UnsupportedOperationException(method.getName());
			}
			action.run();
			return null;
		};
	}

}
