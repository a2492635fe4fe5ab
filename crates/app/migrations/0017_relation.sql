-- How tickets hang together, and who follows them.

-- `from` is what `kind` says to `to`: a child of it, a duplicate of it, caused by it, blocked by it, split from it, or just related.
CREATE TABLE ticket_link (
    provider_id UUID NOT NULL,
    from_id UUID NOT NULL,
    to_id UUID NOT NULL,
    kind TEXT NOT NULL,
    client_id UUID NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, from_id, to_id, kind),
    FOREIGN KEY (provider_id, from_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, to_id) REFERENCES ticket (provider_id, id)
) {strict};
CREATE INDEX ticket_link_back ON ticket_link (provider_id, to_id, kind, from_id);
-- A ticket has one parent at most, and goes on in one other at most.
CREATE UNIQUE INDEX ticket_link_up ON ticket_link (provider_id, from_id, kind) WHERE kind IN ('child', 'merged');
{secure ticket_link by client_id};

-- Who follows a ticket besides those whose it is: they may read what whoever asked for it may read, and are told of it.
CREATE TABLE ticket_watcher (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    client_id UUID NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, membership_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
CREATE INDEX ticket_watcher_by_member ON ticket_watcher (provider_id, membership_id, ticket_id);
{secure ticket_watcher by client_id};
