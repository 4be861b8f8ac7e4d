SET @has_it = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'agents' AND column_name = 'description')
SET @change = IF(@has_it > 0, 'DO 0', 'ALTER TABLE agents ADD COLUMN description BIGINT')
PREPARE change_agents FROM @change
EXECUTE change_agents
DEALLOCATE PREPARE change_agents
