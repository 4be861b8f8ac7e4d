-- The highest epoch that a node has written down, and when by the clock of the database. There is one row.
-- A node that starts goes on from there, so epochs rise even if all nodes stop and the clock of the database is set back.
CREATE TABLE IF NOT EXISTS epochs (
    id INT NOT NULL,
    highest BIGINT NOT NULL,
    written BIGINT NOT NULL,
    PRIMARY KEY (id)
)
