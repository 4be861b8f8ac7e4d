SET @has_them = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'agents' AND column_name = 'offline_at')
SET @change = IF(@has_them > 0, 'DO 0', 'ALTER TABLE agents ADD COLUMN changes VARCHAR(8192) CHARACTER SET ascii, ADD COLUMN untold BIGINT, ADD COLUMN offline_at BIGINT, ADD KEY agents_by_untold (untold), ADD KEY agents_by_offline (offline_at)')
PREPARE change_agents FROM @change
EXECUTE change_agents
DEALLOCATE PREPARE change_agents
