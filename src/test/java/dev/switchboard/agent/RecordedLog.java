package dev.switchboard.agent;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The messages that the agent library logs, in the JDK's own logging. */
final class RecordedLog extends Handler {

	private final Logger logger = Logger.getLogger(SwitchboardAgent.class.getName());

	private final List<LogRecord> records = new CopyOnWriteArrayList<>();

	RecordedLog() {
		this.logger.setLevel(Level.ALL);
		this.logger.addHandler(this);
	}

	/** The messages of a level so far. */
	List<String> at(Level level) {
		return this.records.stream()
			.filter((record) -> record.getLevel().equals(level))
			.map(LogRecord::getMessage)
			.toList();
	}

	List<String> all() {
		return this.records.stream().map((record) -> record.getMessage() + " " + record.getThrown()).toList();
	}

	@Override
	public void publish(LogRecord record) {
		this.records.add(record);
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
		this.logger.removeHandler(this);
		this.logger.setLevel(null);
	}

}
