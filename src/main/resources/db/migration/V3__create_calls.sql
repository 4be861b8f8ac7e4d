-- scope is the SHA-256 of tenant, agent, caller and idempotency key. It is null for a call without a key.
CREATE TABLE IF NOT EXISTS calls (
    id BINARY(16) NOT NULL,
    tenant VARBINARY(128) NOT NULL,
    agent VARBINARY(128) NOT NULL,
    caller VARBINARY(1024) NOT NULL,
    idempotency_key VARBINARY(255),
    scope BINARY(32),
    body_hash BINARY(32) NOT NULL,
    node BINARY(16) NOT NULL,
    ended INT NOT NULL,
    outcome MEDIUMBLOB,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE KEY calls_by_scope (scope),
    KEY calls_by_expiry (expires)
)
