-- node holds the agent. It is null while the agent is offline. The row stays, so that epochs never restart.
-- previous_node held the agent before the latest claim, earlier_node before the claim before that. They are null if no node did.
-- supersessions counts the claims in a row that took the agent from a connection of another address. The last of them was at superseded_at.
-- The key by node finds the agents of a dead node, and agents that have been offline for a long time.
CREATE TABLE IF NOT EXISTS agents (
    tenant VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    node BINARY(16),
    connection_id BINARY(16) NOT NULL,
    epoch BIGINT NOT NULL,
    connected_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    remote_host VARCHAR(255),
    remote_port INT,
    previous_node BINARY(16),
    earlier_node BINARY(16),
    supersessions INT DEFAULT 0 NOT NULL,
    superseded_at BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (tenant, agent),
    KEY agents_by_node (node, last_seen)
)
