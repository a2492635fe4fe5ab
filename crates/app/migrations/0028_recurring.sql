-- Tickets that are opened again and again, by a rule of dates.
CREATE TABLE recurring (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    subject TEXT NOT NULL CHECK (subject <> ''),
    -- What is opened, as JSON.
    template TEXT NOT NULL,
    -- As RFC 5545 writes it.
    rule TEXT NOT NULL,
    -- The first day on which it can fall due, and the time of day, on the client's clock.
    starts_on TEXT NOT NULL,
    time TEXT NOT NULL,
    -- When it falls due next; none while it is paused, and once there is none.
    next_at BIGINT,
    -- When somebody looks next: as a rule then, an hour later where it could not be opened.
    look_at BIGINT,
    opened BIGINT NOT NULL,
    last_number BIGINT,
    trouble TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX recurring_by_look ON recurring (look_at, id) WHERE look_at IS NOT NULL;
CREATE INDEX recurring_by_client ON recurring (provider_id, client_id, id);
{secure recurring by client_id};
