-- Webhooks of tenants. types and subjects have one value a line. The version rises with each change. reason says why Switchboard itself
-- has disabled a webhook.
CREATE TABLE IF NOT EXISTS webhooks (
    tenant VARBINARY(128) NOT NULL,
    name VARBINARY(128) NOT NULL,
    url VARBINARY(2048) NOT NULL,
    types MEDIUMBLOB NOT NULL,
    subjects MEDIUMBLOB NOT NULL,
    enabled INT NOT NULL,
    reason VARBINARY(300),
    secret VARBINARY(64) NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant, name)
)
