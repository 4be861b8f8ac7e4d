-- Relays of the event log. A relay of all tenants has an empty tenant. Up to free_at, by the database's clock, the relay belongs to its
-- holder. 9223372036854775807 is for a relay that rests. The fence rises whenever the relay changes hands. Everything in the log up to
-- the position (log_made, batch, entry) is delivered. log_made is 0 for the beginning of whatever log there is.
CREATE TABLE IF NOT EXISTS relays (
    tenant VARBINARY(128) NOT NULL,
    name VARBINARY(128) NOT NULL,
    holder BINARY(16),
    fence BIGINT NOT NULL,
    free_at BIGINT NOT NULL,
    log_made BIGINT NOT NULL,
    batch BIGINT NOT NULL,
    entry INT NOT NULL,
    PRIMARY KEY (tenant, name),
    KEY relays_by_holder (holder),
    KEY relays_by_free_at (free_at)
)
