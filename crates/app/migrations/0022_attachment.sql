-- Files that come with the lines of a ticket. Their bytes stand in a folder beside the database, under their hash.

CREATE TABLE attachment (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    -- The line that it came with: whoever reads that may read it.
    ticket_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    size BIGINT NOT NULL CHECK (size > 0),
    -- What it is, by its first bytes; and what it was said to be where it came from.
    media TEXT NOT NULL,
    said TEXT NOT NULL,
    -- BLAKE3 of its bytes, in hexadecimal digits.
    hash TEXT NOT NULL,
    by_id UUID,
    at BIGINT NOT NULL,
    -- When it was taken away: its bytes go, its row stays.
    removed_at BIGINT,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, ticket_id, seq) REFERENCES ticket_event (provider_id, ticket_id, seq)
) {strict};
CREATE INDEX attachment_by_ticket ON attachment (provider_id, ticket_id, seq, id);
CREATE INDEX attachment_by_hash ON attachment (provider_id, hash);
{secure attachment by client_id};
