-- Passkeys: the public half of a key that somebody's device holds. Found across scopes only, as everything before sign-in is.

CREATE TABLE passkey (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    credential BYTEA NOT NULL,
    -- The key as the device wrote it (COSE).
    public BYTEA NOT NULL,
    -- How often the device says that it was used; 0 where it does not count.
    uses BIGINT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    made_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, credential),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id)
) {strict};
CREATE INDEX passkey_by_person ON passkey (provider_id, person_id, made_at);
{secure passkey system};

-- A question that a device has to sign, good once. The person is there where a passkey is added; the provider is empty (all zeros) where
-- nobody knows yet who asks.
CREATE TABLE ceremony (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    person_id UUID,
    name TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, hash)
) {clustered};
CREATE INDEX ceremony_by_age ON ceremony (ends_at);
{secure ceremony system};
