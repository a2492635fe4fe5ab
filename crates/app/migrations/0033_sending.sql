-- What somebody has sent into a ticket and can still take back. It is theirs alone until it goes out.
CREATE TABLE ticket_sending (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    id UUID NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'teams', 'party')),
    text TEXT NOT NULL,
    -- What comes with it, as JSON: the bytes are in the store.
    files TEXT NOT NULL,
    goes_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, membership_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure ticket_sending by client_id};
