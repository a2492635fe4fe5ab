-- How somebody wants the pages to be. Whoever has no row wants them as they come.
CREATE TABLE preference (
    provider_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    theme TEXT NOT NULL,
    density TEXT NOT NULL,
    -- Whether keys without a modifier do anything.
    single_keys BOOLEAN NOT NULL,
    -- Whether what they send into tickets can be taken back for a moment.
    undo BOOLEAN NOT NULL,
    -- Keys that were changed, as `id key`, one a line.
    own_keys TEXT NOT NULL,
    PRIMARY KEY (provider_id, membership_id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
{secure preference shared};
