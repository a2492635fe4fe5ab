-- What somebody has begun to write into a ticket and not sent. It is theirs alone.
CREATE TABLE ticket_draft (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'teams', 'party')),
    text TEXT NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, membership_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure ticket_draft by client_id};

-- Who of those who work on tickets is at one just now, as last heard.
CREATE TABLE ticket_presence (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    doing TEXT NOT NULL CHECK (doing IN ('looks', 'writes')),
    heard_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, membership_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
{secure ticket_presence by client_id};
