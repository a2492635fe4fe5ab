-- What became of tickets, for the report of the desk. All of it follows from the lines of tickets.

-- One row for each ticket that was reckoned since there is a report.
CREATE TABLE ticket_outcome (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    client_id UUID NOT NULL,
    -- As the client's wall clock has it, such as 2027-01; none of a ticket that goes on in another, which is counted there.
    opened_month TEXT,
    -- None while it is open.
    solved_month TEXT,
    -- Which line of the provider solved it, or which other company; none while it is open.
    solved_by TEXT,
    -- Its hand-overs, and its promises, kept and missed, as JSON; empty while it is open.
    facts TEXT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id)
) {strict};
CREATE INDEX ticket_outcome_by_opened ON ticket_outcome (provider_id, opened_month, ticket_id, client_id) WHERE opened_month IS NOT NULL;
CREATE INDEX ticket_outcome_by_solved ON ticket_outcome (provider_id, solved_month, ticket_id, client_id) WHERE solved_month IS NOT NULL;
{secure ticket_outcome by client_id};

-- The sums of these rows for a month of a client, kept with them, so that a report of a year reads twelve rows for each client.
CREATE TABLE desk_month (
    provider_id UUID NOT NULL,
    month TEXT NOT NULL,
    client_id UUID NOT NULL,
    opened BIGINT NOT NULL,
    by_l1 BIGINT NOT NULL,
    by_l2 BIGINT NOT NULL,
    by_l3 BIGINT NOT NULL,
    by_unsaid BIGINT NOT NULL,
    by_internal BIGINT NOT NULL,
    by_vendor BIGINT NOT NULL,
    handed BIGINT NOT NULL,
    bounced BIGINT NOT NULL,
    sla_response_kept BIGINT NOT NULL,
    sla_response_missed BIGINT NOT NULL,
    sla_update_kept BIGINT NOT NULL,
    sla_update_missed BIGINT NOT NULL,
    sla_resolution_kept BIGINT NOT NULL,
    sla_resolution_missed BIGINT NOT NULL,
    ola_response_kept BIGINT NOT NULL,
    ola_response_missed BIGINT NOT NULL,
    ola_update_kept BIGINT NOT NULL,
    ola_update_missed BIGINT NOT NULL,
    ola_resolution_kept BIGINT NOT NULL,
    ola_resolution_missed BIGINT NOT NULL,
    ola_acceptance_kept BIGINT NOT NULL,
    ola_acceptance_missed BIGINT NOT NULL,
    uc_response_kept BIGINT NOT NULL,
    uc_response_missed BIGINT NOT NULL,
    uc_update_kept BIGINT NOT NULL,
    uc_update_missed BIGINT NOT NULL,
    uc_resolution_kept BIGINT NOT NULL,
    uc_resolution_missed BIGINT NOT NULL,
    uc_acceptance_kept BIGINT NOT NULL,
    uc_acceptance_missed BIGINT NOT NULL,
    PRIMARY KEY (provider_id, month, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {clustered};
{secure desk_month by client_id};

-- Whose time missed promises took: milliseconds by promise and party.
CREATE TABLE desk_used (
    provider_id UUID NOT NULL,
    month TEXT NOT NULL,
    client_id UUID NOT NULL,
    promise TEXT NOT NULL,
    party_id UUID NOT NULL,
    millis BIGINT NOT NULL,
    PRIMARY KEY (provider_id, month, client_id, promise, party_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id),
    FOREIGN KEY (provider_id, party_id) REFERENCES party (provider_id, id)
) {clustered};
{secure desk_used by client_id};

-- How far tickets of before there was a report have their rows; a provider without a row begins at the first ticket.
CREATE TABLE desk_fill (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES provider (provider_id),
    behind UUID NOT NULL,
    done BOOLEAN NOT NULL
) {strict};
{secure desk_fill shared};
