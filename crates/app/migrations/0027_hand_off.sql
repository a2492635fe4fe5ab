-- What a hand-off has to say besides the usual questions: for a service of the catalogue and those below it, or, where it is empty, for any.
CREATE TABLE hand_off_form (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    service TEXT NOT NULL,
    -- In order; none where nothing more is asked.
    questions TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, service)
) {strict};
{secure hand_off_form shared};
