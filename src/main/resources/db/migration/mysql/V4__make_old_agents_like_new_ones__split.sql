SET @old_shape = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'agents' AND column_name = 'remote_address')
SET @change = IF(@old_shape = 0, 'DO 0', 'ALTER TABLE agents DROP COLUMN remote_address, ADD COLUMN remote_host VARCHAR(255), ADD COLUMN remote_port INT, ADD COLUMN previous_node BINARY(16), ADD COLUMN earlier_node BINARY(16), ADD COLUMN supersessions INT DEFAULT 0 NOT NULL, ADD COLUMN superseded_at BIGINT DEFAULT 0 NOT NULL')
PREPARE change_agents FROM @change
EXECUTE change_agents
DEALLOCATE PREPARE change_agents
