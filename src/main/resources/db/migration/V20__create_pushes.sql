-- Durable pushes. seq is the order in which they were stored. While a push waits, ended is 0 and expires is the end of its time to live.
-- Afterwards ended is 1 and expires is when the row may go. unannounced is when the push was stored, until the node that holds the agent
-- knows of it, or no node holds the agent. scope is the SHA-256 of tenant, agent, idempotency key and caller. It is null without a key.
CREATE TABLE IF NOT EXISTS pushes (
    seq BIGINT NOT NULL AUTO_INCREMENT,
    id BINARY(16) NOT NULL,
    tenant VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    method MEDIUMBLOB NOT NULL,
    payload MEDIUMBLOB,
    collapse_key VARBINARY(128),
    scope BINARY(32),
    body_hash BINARY(32),
    ended INT NOT NULL,
    outcome INT NOT NULL,
    queued_at BIGINT NOT NULL,
    sent_at BIGINT,
    ended_at BIGINT,
    expires BIGINT NOT NULL,
    unannounced BIGINT,
    PRIMARY KEY (seq),
    UNIQUE KEY pushes_by_id (id),
    UNIQUE KEY pushes_by_scope (scope),
    KEY pushes_by_agent (tenant, agent, ended, seq, expires),
    KEY pushes_by_tenant (tenant, ended, expires),
    KEY pushes_by_expiry (ended, expires),
    KEY pushes_by_unannounced (unannounced)
)
