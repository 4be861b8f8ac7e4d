-- wire is the version of the forwarding protocol that the node speaks. It is null for a node of a version before this column.
ALTER TABLE nodes ADD COLUMN IF NOT EXISTS wire INT
