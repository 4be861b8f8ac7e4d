package dev.switchboard.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/**
 * A failure whose messages, and those of its causes, have no control characters. A
 * failure often quotes what a peer sent.
 */
final class PlainThrowable implements IThrowableProxy {

	private final IThrowableProxy failure;

	private PlainThrowable(IThrowableProxy failure) {
		this.failure = failure;
	}

	static @Nullable IThrowableProxy of(@Nullable IThrowableProxy failure) {
		return (failure != null) ? new PlainThrowable(failure) : null;
	}

	@Override
	public @Nullable String getMessage() {
		return plain(this.failure.getMessage());
	}

	@Override
	public @Nullable String getOverridingMessage() {
		return plain(this.failure.getOverridingMessage());
	}

	private static @Nullable String plain(@Nullable String message) {
		return (message != null) ? PlainEvent.escaped(message) : null;
	}

	@Override
	public String getClassName() {
		return this.failure.getClassName();
	}

	@Override
	public StackTraceElementProxy[] getStackTraceElementProxyArray() {
		return this.failure.getStackTraceElementProxyArray();
	}

	@Override
	public int getCommonFrames() {
		return this.failure.getCommonFrames();
	}

	@Override
	public @Nullable IThrowableProxy getCause() {
		return of(this.failure.getCause());
	}

	@Override
	public IThrowableProxy[] getSuppressed() {
		IThrowableProxy[] suppressed = this.failure.getSuppressed();
		IThrowableProxy[] plain = new IThrowableProxy[suppressed.length];
		for (int i = 0; i < plain.length; i++) {
			plain[i] = new PlainThrowable(suppressed[i]);
		}
		return plain;
	}

	@Override
	public boolean isCyclic() {
		return this.failure.isCyclic();
	}

}
