package dev.switchboard.push;

import java.time.Instant;

import dev.switchboard.connection.GatewayEvent;
import dev.switchboard.database.Sql;
import dev.switchboard.directory.AgentTable;
import dev.switchboard.json.JsonWriter;
import dev.switchboard.json.Payload;
import dev.switchboard.protocol.AgentId;
import dev.switchboard.protocol.CallId;
import io.r2dbc.spi.Readable;

/**
 * A push whose time to live is over and that has no outcome yet.
 *
 * @param id the push
 * @param agent its agent
 * @param method its method
 * @param queuedAt when it was stored
 * @param expiredAt when its time to live was over
 */
record ExpiredPush(CallId id, AgentId agent, String method, Instant queuedAt, Instant expiredAt) {

	/** The columns to select. */
	static final String COLUMNS = "id, tenant, agent, method, queued_at, expires";

	static ExpiredPush read(Readable row) {
		return new ExpiredPush(new CallId(Sql.uuid(row, "id")), AgentTable.agent(row),
				Sql.text(PushTable.blob(row, "method")), Sql.instant(row, "queued_at"), Sql.instant(row, "expires"));
	}

	/** Returns the event of this push, which is the same on each node. */
	GatewayEvent event() {
		byte[] data = new JsonWriter().string("id", this.id.toString())
			.string("method", this.method)
			.string("queuedAt", this.queuedAt.toString())
			.string("expiredAt", this.expiredAt.toString())
			.end();
		return new GatewayEvent(this.agent, "switchboard.push.expired", "expired:" + this.id, this.id.toString(),
				this.expiredAt, Payload.of(data));
	}

}
