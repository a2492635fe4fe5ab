-- Lists of tickets that somebody keeps for themselves.
CREATE TABLE saved_view (
    provider_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    -- As the address of the list says it.
    query TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, membership_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure saved_view shared};
