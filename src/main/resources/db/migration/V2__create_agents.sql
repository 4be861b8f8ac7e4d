-- node is who holds the agent, null while it is offline. The row stays, so that epochs never restart.
-- previous_node and earlier_node are who held it before the latest two claims, null if nobody did.
-- supersessions is how often in a row a claim took the agent from a connection of another address, the last at superseded_at.
-- The key by node finds what a dead node held, and agents that have long been offline.
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
