-- A label counts only while its description is the agent's current one. The primary key finds the agents that have a label, and the other
-- key those that have it with a value. Both have them in the order of a page.
CREATE TABLE IF NOT EXISTS agent_labels (
    tenant VARBINARY(128) NOT NULL,
    name VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    description BIGINT NOT NULL,
    content VARBINARY(1024) NOT NULL,
    PRIMARY KEY (tenant, name, agent, description),
    KEY agent_labels_by_content (tenant, name, content, agent, description)
)
