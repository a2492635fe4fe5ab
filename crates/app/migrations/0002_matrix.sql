-- The responsibility matrix of each client: one draft, and versions that both sides sign.

CREATE TABLE matrix_draft (
    provider_id UUID NOT NULL,
    client_id UUID NOT NULL,
    text TEXT NOT NULL,
    version BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    edited_by UUID NOT NULL,
    PRIMARY KEY (provider_id, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
{secure matrix_draft by client_id};

-- A text that nobody can change any more. Both sides have signed it when it has
-- published_at; from in_force_at on it holds, until another does.
CREATE TABLE matrix_version (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    number BIGINT NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    proposed_by UUID NOT NULL,
    published_at BIGINT,
    in_force_at BIGINT,
    withdrawn_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, client_id, number),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX matrix_version_in_force ON matrix_version (provider_id, client_id, in_force_at, number);
{secure matrix_version by client_id};

CREATE TABLE matrix_signature (
    provider_id UUID NOT NULL,
    version_id UUID NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('provider', 'client')),
    client_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL,
    signed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, version_id, side),
    FOREIGN KEY (provider_id, version_id) REFERENCES matrix_version (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure matrix_signature by client_id};
