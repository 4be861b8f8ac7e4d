-- node is who holds the agent, null while it is offline. The row stays, so that epochs never restart.
-- The key by node finds what a dead node held, and agents that have long been offline.
CREATE TABLE IF NOT EXISTS agents (
    tenant VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    node BINARY(16),
    connection_id BINARY(16) NOT NULL,
    epoch BIGINT NOT NULL,
    connected_at BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    remote_address VARCHAR(255),
    PRIMARY KEY (tenant, agent),
    KEY agents_by_node (node, last_seen)
)
