-- Names that are found by their words, and numbers that tickets had elsewhere.

-- A row for each word of a name, and for what is left of its beginning when a letter is missing: so a name is found by a mistyped word.
CREATE TABLE search_name (
    provider_id UUID NOT NULL,
    kind TEXT NOT NULL,
    near TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID,
    -- All words of the name.
    words TEXT NOT NULL,
    PRIMARY KEY (provider_id, kind, near, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {clustered};
CREATE INDEX search_name_by_id ON search_name (provider_id, kind, id);
{secure search_name by client_id?};
{secure search_name new client_id};

-- What a ticket was called where it came from.
CREATE TABLE ticket_known_as (
    provider_id UUID NOT NULL,
    known_as TEXT NOT NULL CHECK (known_as <> ''),
    ticket_id UUID NOT NULL,
    client_id UUID NOT NULL,
    PRIMARY KEY (provider_id, known_as, ticket_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {clustered};
{secure ticket_known_as by client_id};
