-- How people prove who they are, and where they are signed in. Found across scopes only: nobody is in one before they have signed in.

CREATE TABLE password (
    provider_id UUID NOT NULL,
    person_id UUID NOT NULL,
    hash TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, person_id),
    FOREIGN KEY (provider_id, person_id) REFERENCES person (provider_id, id)
) {strict};
{secure password system};

-- Something secret that was sent to somebody, good for one use: of the secret only a hash is kept.
CREATE TABLE link (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    membership_id UUID NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (provider_id, hash),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
{secure link system};

-- Where somebody is signed in. The cookie holds the secret, this its hash.
CREATE TABLE session (
    provider_id UUID NOT NULL,
    hash BYTEA NOT NULL,
    id UUID NOT NULL,
    person_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    agent TEXT NOT NULL,
    PRIMARY KEY (provider_id, hash),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
CREATE INDEX session_by_person ON session (provider_id, person_id, made_at);
{secure session system};
