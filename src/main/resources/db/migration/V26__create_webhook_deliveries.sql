-- The last deliveries of webhooks. state is 0 while a delivery is tried again, 1 once it is delivered, 2 for a dead letter, and 3 for a
-- dead letter that is to be tried once more. Dead letters have their event, since the log forgets it.
CREATE TABLE IF NOT EXISTS webhook_deliveries (
    id BINARY(16) NOT NULL,
    tenant VARBINARY(128) NOT NULL,
    webhook VARBINARY(128) NOT NULL,
    state INT NOT NULL,
    attempts INT NOT NULL,
    status INT NOT NULL,
    failure VARBINARY(300),
    event_id VARBINARY(128) NOT NULL,
    source VARBINARY(300) NOT NULL,
    type VARBINARY(256) NOT NULL,
    subject VARBINARY(256) NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    event MEDIUMBLOB,
    PRIMARY KEY (id),
    KEY webhook_deliveries_by_webhook (tenant, webhook, state, last_at),
    KEY webhook_deliveries_by_state (state, last_at)
)
