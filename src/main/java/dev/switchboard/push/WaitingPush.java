package dev.switchboard.push;

import dev.switchboard.database.Sql;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.CallId;
import dev.switchboard.protocol.Frame;
import io.r2dbc.spi.Readable;

/**
 * A push that is to be sent.
 *
 * @param frame the push as the agent receives it
 */
record WaitingPush(Frame.Push frame) {

	static WaitingPush read(Readable row) {
		return new WaitingPush(new Frame.Push(new CallId(Sql.uuid(row, "id")), Sql.text(PushTable.blob(row, "method")),
				true, Payload.of(PushTable.blob(row, "payload"))));
	}

	CallId id() {
		return this.frame.id();
	}

}
