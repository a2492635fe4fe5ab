-- The second thing that somebody proves, and how often they may be wrong. Found across scopes only, as everything before sign-in is.

-- The secret that an authenticator app and Remit share, sealed with a key that is not in the database. It counts once it is confirmed.
CREATE TABLE totp (
    provider_id UUID NOT NULL,
    person_id UUID NOT NULL,
    sealed BYTEA NOT NULL,
    -- The last step of time whose code was taken: none is taken twice.
    last_step BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    confirmed_at BIGINT,
    PRIMARY KEY (provider_id, person_id),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id)
) {strict};
{secure totp system};

-- Codes for the day on which the app is gone, each good once: of a code only a keyed hash is kept.
CREATE TABLE recovery_code (
    provider_id UUID NOT NULL,
    person_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (provider_id, person_id, hash),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id)
) {clustered};
{secure recovery_code system};

-- Somebody whose password or link was right and whose code is still missing.
CREATE TABLE half_session (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    person_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    ends_at BIGINT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (provider_id, hash),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
{secure half_session system};

-- Tries in a row that were not right, by a keyed hash of whatever was tried. The provider is empty (all zeros) where nobody knows it yet.
CREATE TABLE attempt (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    tries BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    free_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, hash)
) {clustered};
CREATE INDEX attempt_by_age ON attempt (last_at);
{secure attempt system};
