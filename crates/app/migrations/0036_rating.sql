-- How it was, as whoever asked for a ticket says once it is solved.
CREATE TABLE rating (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    client_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    grade TEXT NOT NULL CHECK (grade IN ('good', 'fair', 'poor')),
    -- In their words, for both IT teams; may be empty.
    comment TEXT NOT NULL,
    -- As the client's wall clock has it, such as 2027-01.
    month TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- How often they have said it.
    times BIGINT NOT NULL,
    -- Who has followed a bad one up, and when.
    followed_by UUID,
    followed_at BIGINT,
    PRIMARY KEY (provider_id, ticket_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {strict};
CREATE INDEX rating_by_time ON rating (provider_id, at, ticket_id);
CREATE INDEX rating_of_client ON rating (provider_id, client_id, at, ticket_id);
CREATE INDEX rating_to_follow ON rating (provider_id, at, ticket_id) WHERE grade = 'poor' AND followed_at IS NULL;
{secure rating by client_id};

-- The sums of these rows for a month of a client, kept with them.
CREATE TABLE rating_month (
    provider_id UUID NOT NULL,
    month TEXT NOT NULL,
    client_id UUID NOT NULL,
    good BIGINT NOT NULL,
    fair BIGINT NOT NULL,
    poor BIGINT NOT NULL,
    PRIMARY KEY (provider_id, month, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {clustered};
{secure rating_month by client_id};
