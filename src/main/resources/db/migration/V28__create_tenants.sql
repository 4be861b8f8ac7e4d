-- The settings of tenants. A quota that is NULL is the default of the settings. changed is the number of the change, as in
-- revocations.
CREATE TABLE IF NOT EXISTS tenants (
    tenant VARBINARY(128) NOT NULL,
    changed BIGINT NOT NULL,
    enabled INT NOT NULL,
    connections BIGINT,
    handshakes_per_second BIGINT,
    calls_in_flight BIGINT,
    calls_per_second BIGINT,
    bytes_per_second BIGINT,
    events_per_second BIGINT,
    durable_pushes BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (tenant),
    KEY tenants_by_changed (changed)
)
