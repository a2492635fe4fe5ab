-- Who works on a ticket besides whoever works on it first: people of either IT team.
CREATE TABLE ticket_helper (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    -- Whether the ticket is: what somebody works on is found without what is over.
    open BOOLEAN NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, membership_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
CREATE INDEX ticket_helper_by_member ON ticket_helper (provider_id, membership_id, ticket_id) WHERE open = TRUE;
{secure ticket_helper by client_id};
