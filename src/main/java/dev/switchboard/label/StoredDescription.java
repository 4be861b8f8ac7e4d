package dev.switchboard.label;

import dev.switchboard.database.Sql;
import dev.switchboard.protocol.AgentId;

/**
 * A description in the directory. It is in force if the agent's row has its id.
 *
 * @param agent the agent
 * @param id the id, which is drawn by chance
 * @param description the description
 */
record StoredDescription(AgentId agent, long id, AgentDescription description) {

	byte[] tenantBytes() {
		return Sql.bytes(this.agent.tenant());
	}

	byte[] agentBytes() {
		return Sql.bytes(this.agent.agent());
	}

}
