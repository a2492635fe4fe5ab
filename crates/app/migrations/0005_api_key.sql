-- Keys for programs. A key acts as its maker's membership, as far as that reaches on the day of use; of its secret only a hash is kept.
-- The clients of a limited key stand in `reach`, under the id of the key.
CREATE TABLE api_key (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    hash BYTEA NOT NULL,
    reads_only BOOLEAN NOT NULL,
    limited BOOLEAN NOT NULL,
    made_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    used_on TEXT,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
CREATE INDEX api_key_by_membership ON api_key (provider_id, membership_id, made_at);
CREATE INDEX api_key_by_id ON api_key (id);
{secure api_key system};
