SET @has_wire = (SELECT COUNT(*) FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'nodes' AND column_name = 'wire')
SET @change = IF(@has_wire > 0, 'DO 0', 'ALTER TABLE nodes ADD COLUMN wire INT')
PREPARE change_nodes FROM @change
EXECUTE change_nodes
DEALLOCATE PREPARE change_nodes
