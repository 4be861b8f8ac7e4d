-- The event log. A row has events of one tenant, in the order of their acknowledgement. Its content has one JSON object a line, and bytes
-- is the length of the content. A row without content has no events: no event will ever have its number or its token.
CREATE TABLE IF NOT EXISTS event_batches (
    number BIGINT NOT NULL AUTO_INCREMENT,
    token BIGINT NOT NULL,
    tenant VARBINARY(128) NOT NULL,
    events INT NOT NULL,
    bytes INT NOT NULL,
    content MEDIUMBLOB,
    stored_at BIGINT NOT NULL,
    PRIMARY KEY (number),
    UNIQUE KEY event_batches_by_token (token),
    KEY event_batches_by_tenant (tenant, number)
)
