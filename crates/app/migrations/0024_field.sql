-- What a provider asks of its tickets besides what every ticket has.
CREATE TABLE field (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    key TEXT NOT NULL CHECK (key <> ''),
    label TEXT NOT NULL CHECK (label <> ''),
    hint TEXT NOT NULL,
    -- What can stand in it, as JSON.
    shape TEXT NOT NULL,
    -- The kinds of ticket that it is asked of, with a space between them; of all where there is none.
    kinds TEXT NOT NULL,
    -- And the service, with all below it; all where it is empty.
    service TEXT NOT NULL,
    needed TEXT NOT NULL CHECK (needed IN ('never', 'opening', 'solving')),
    read_by TEXT NOT NULL CHECK (read_by IN ('public', 'teams')),
    place BIGINT NOT NULL,
    version BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, key)
) {strict};
{secure field shared};

-- What stands in them.
CREATE TABLE ticket_field (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    field_id UUID NOT NULL,
    client_id UUID NOT NULL,
    value TEXT NOT NULL CHECK (value <> ''),
    PRIMARY KEY (provider_id, ticket_id, field_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, field_id) REFERENCES field (provider_id, id)
) {clustered};
{secure ticket_field by client_id};
