CREATE ALIAS IF NOT EXISTS HEX FOR 'dev.switchboard.database.Sql.hex'
ALTER TABLE agents ADD COLUMN IF NOT EXISTS changes VARCHAR(8192)
ALTER TABLE agents ADD COLUMN IF NOT EXISTS untold BIGINT
ALTER TABLE agents ADD COLUMN IF NOT EXISTS offline_at BIGINT
CREATE INDEX IF NOT EXISTS agents_by_untold ON agents (untold)
CREATE INDEX IF NOT EXISTS agents_by_offline ON agents (offline_at)
