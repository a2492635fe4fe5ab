-- What people are told in the product: who, of which ticket, what. Never what was written: whoever may read that reads it there.
CREATE TABLE notice (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    -- The line that it is about.
    seq BIGINT NOT NULL,
    what TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id)
) {strict};
CREATE INDEX notice_by_membership ON notice (provider_id, membership_id, id);
CREATE INDEX notice_unread ON notice (provider_id, membership_id, ticket_id) WHERE read_at IS NULL;
{secure notice by client_id};

-- Who leads is told of what goes wrong, and found among all the people of all clients.
CREATE INDEX membership_by_role ON membership (provider_id, role, client_id);

-- Which notices somebody wants by mail too.
CREATE TABLE notice_wish (
    provider_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    mail TEXT NOT NULL,
    PRIMARY KEY (provider_id, membership_id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure notice_wish shared};
