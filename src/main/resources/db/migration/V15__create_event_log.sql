-- One row: when the log was made, up to which number no batch is missing, and up to which number batches have been deleted.
CREATE TABLE IF NOT EXISTS event_log (
    id INT NOT NULL,
    made BIGINT NOT NULL,
    complete BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    PRIMARY KEY (id)
)
