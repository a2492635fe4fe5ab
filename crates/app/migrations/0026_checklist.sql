-- What is to be done on tickets: checklists as a provider has written them down, and as they stand on tickets.

CREATE TABLE checklist (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    -- What people call it, in lower case: there is one of a name, be it retired.
    folded TEXT NOT NULL CHECK (folded <> ''),
    name TEXT NOT NULL,
    -- Whether tickets have it from the start: of one kind or, where none is named, of all; of a service and those below it or, where it is
    -- empty, of all.
    from_start BOOLEAN NOT NULL,
    kind TEXT,
    service TEXT NOT NULL,
    -- What is to be done, in order.
    items TEXT NOT NULL,
    version BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (provider_id, id),
    UNIQUE (provider_id, folded)
) {strict};
{secure checklist shared};

-- A checklist as it was when it was put on a ticket: another text of it changes nothing here.
CREATE TABLE ticket_checklist (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    -- Counted from 1 on each ticket.
    number BIGINT NOT NULL,
    client_id UUID NOT NULL,
    checklist_id UUID NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, number),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id),
    FOREIGN KEY (provider_id, checklist_id) REFERENCES checklist (provider_id, id)
) {clustered};
{secure ticket_checklist by client_id};

CREATE TABLE ticket_item (
    provider_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    -- Counted from 1 on each ticket, over all its checklists.
    number BIGINT NOT NULL,
    client_id UUID NOT NULL,
    -- The number of its checklist on the ticket.
    part_of BIGINT NOT NULL,
    text TEXT NOT NULL,
    required BOOLEAN NOT NULL,
    side TEXT NOT NULL CHECK (side IN ('holder', 'provider', 'internal')),
    state TEXT NOT NULL CHECK (state IN ('open', 'done', 'skipped')),
    -- Who said so last, when, and why; nobody has, where it stands as it was put there.
    said_by TEXT NOT NULL,
    said_at BIGINT,
    reason TEXT NOT NULL,
    PRIMARY KEY (provider_id, ticket_id, number),
    FOREIGN KEY (provider_id, ticket_id, part_of) REFERENCES ticket_checklist (provider_id, ticket_id, number)
) {clustered};
{secure ticket_item by client_id};
