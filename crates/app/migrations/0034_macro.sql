-- What both IT teams say and do on tickets again and again: those of one client, or of all.
CREATE TABLE macro (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    client_id UUID,
    name TEXT NOT NULL CHECK (name <> ''),
    -- What is written, with names in braces, and who reads it.
    text TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'teams', 'party')),
    -- Where the status goes then; empty where it stays.
    status TEXT NOT NULL,
    -- Words that are put on the ticket then, with a blank between.
    tags TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX macro_of_client ON macro (provider_id, client_id);
{secure macro by client_id?};
{secure macro new client_id};

-- The same of one person.
CREATE TABLE own_macro (
    provider_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    text TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'teams', 'party')),
    status TEXT NOT NULL,
    tags TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, membership_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure own_macro shared};

-- What is done with what was sent, once it goes out.
ALTER TABLE ticket_sending ADD COLUMN macro_id UUID;
