-- Times are microseconds since 1970 by the clock of the database. Ids are bytes and compare as such.
-- state: 0 up, 1 draining, 2 dead
CREATE TABLE IF NOT EXISTS nodes (
    id BINARY(16) NOT NULL,
    host VARCHAR(255) NOT NULL,
    port INT NOT NULL,
    agent_url VARCHAR(1024),
    state INT NOT NULL,
    connections INT NOT NULL,
    capacity INT NOT NULL,
    lease BIGINT NOT NULL,
    heartbeat BIGINT NOT NULL,
    PRIMARY KEY (id)
)
