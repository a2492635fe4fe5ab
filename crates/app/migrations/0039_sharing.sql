-- Who of a client's people reads what colleagues share with them; where there is no row, nobody.
CREATE TABLE sharing (
    provider_id UUID NOT NULL,
    client_id UUID NOT NULL,
    readers TEXT NOT NULL CHECK (readers IN ('nobody', 'chosen', 'everyone')),
    version BIGINT NOT NULL,
    PRIMARY KEY (provider_id, client_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
{secure sharing by client_id};

-- Those who are chosen.
CREATE TABLE sharing_reader (
    provider_id UUID NOT NULL,
    client_id UUID NOT NULL,
    membership_id UUID NOT NULL,
    PRIMARY KEY (provider_id, client_id, membership_id),
    FOREIGN KEY (provider_id, client_id) REFERENCES sharing (provider_id, client_id),
    FOREIGN KEY (provider_id, membership_id) REFERENCES membership (provider_id, id)
) {clustered};
{secure sharing_reader by client_id};

-- What is shared with them. A client's newest is the end of a stretch.
CREATE TABLE ticket_shared (
    provider_id UUID NOT NULL,
    client_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    PRIMARY KEY (provider_id, client_id, ticket_id),
    FOREIGN KEY (provider_id, ticket_id) REFERENCES ticket (provider_id, id)
) {clustered};
{secure ticket_shared by client_id};
