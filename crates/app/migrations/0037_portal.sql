-- What people can ask for, as they call it: of one client, or of all.
CREATE TABLE request_type (
    provider_id UUID NOT NULL REFERENCES provider (provider_id),
    id UUID NOT NULL,
    client_id UUID,
    name TEXT NOT NULL CHECK (name <> ''),
    -- In a sentence or two; may be empty.
    about TEXT NOT NULL,
    -- Under which head it stands; may be empty.
    head TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- A service of the catalogue, by which the matrix routes it; may be empty.
    service TEXT NOT NULL,
    urgency TEXT NOT NULL,
    -- Whether nobody else is let read what is asked with it.
    private BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id)
) {strict};
CREATE INDEX request_type_of_client ON request_type (provider_id, client_id);
{secure request_type by client_id?};
{secure request_type new client_id};
