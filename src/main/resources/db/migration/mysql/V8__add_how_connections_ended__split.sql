SET @has_them = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'agents' AND column_name = 'close_reason')
SET @change = IF(@has_them > 0, 'DO 0', 'ALTER TABLE agents ADD COLUMN closed_at BIGINT, ADD COLUMN close_code INT, ADD COLUMN close_reason VARBINARY(128)')
PREPARE change_agents FROM @change
EXECUTE change_agents
DEALLOCATE PREPARE change_agents
