SET @has_them = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'nodes' AND column_name = 'drain_until')
SET @change = IF(@has_them > 0, 'DO 0', 'ALTER TABLE nodes ADD COLUMN version VARCHAR(128), ADD COLUMN zone VARCHAR(128), ADD COLUMN handshake_rate INT, ADD COLUMN started_at BIGINT, ADD COLUMN drain_until BIGINT')
PREPARE change_nodes FROM @change
EXECUTE change_nodes
DEALLOCATE PREPARE change_nodes
