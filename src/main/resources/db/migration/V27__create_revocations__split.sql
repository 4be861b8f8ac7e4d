CREATE TABLE IF NOT EXISTS tenant_changes (id INT NOT NULL, made BIGINT NOT NULL, number BIGINT NOT NULL, PRIMARY KEY (id))
INSERT IGNORE INTO tenant_changes (id, made, number) VALUES (1, TIMESTAMPDIFF(MICROSECOND, TIMESTAMP '1970-01-01 00:00:00', NOW(6)), 0)
CREATE TABLE IF NOT EXISTS revocations (tenant VARBINARY(128) NOT NULL, agent VARBINARY(128) NOT NULL, changed BIGINT NOT NULL, revoked INT NOT NULL, reason VARBINARY(1024), revoked_by VARBINARY(1024), changed_at BIGINT NOT NULL, PRIMARY KEY (tenant, agent), KEY revocations_by_changed (changed))
