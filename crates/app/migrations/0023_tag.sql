-- Words that whoever works on tickets puts on them, to find them again.

-- The words of a provider that are on any ticket. `uses` says on how many: a word that is on none is gone.
CREATE TABLE tag (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    uses BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, name)
) {strict};
{secure tag shared};

CREATE TABLE ticket_tag (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    tag_id UUID NOT NULL,
    client_id UUID NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, tag_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, tag_id) REFERENCES tag (provider_id, id)
) {clustered};
-- The newest tickets with a word, of all clients and of one.
CREATE INDEX ticket_tag_by_tag ON ticket_tag (provider_id, tag_id, ticket_id);
CREATE INDEX ticket_tag_by_client ON ticket_tag (provider_id, client_id, tag_id, ticket_id);
{secure ticket_tag by client_id};
