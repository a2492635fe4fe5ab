-- Whom to call at a client, whether or not they sign in here.
CREATE TABLE contact (
    provider_id UUID NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    site_id UUID,
    name TEXT NOT NULL CHECK (name <> ''),
    folded TEXT NOT NULL,
    about TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (provider_id, id),
    FOREIGN KEY (provider_id, client_id) REFERENCES client (provider_id, id),
    FOREIGN KEY (provider_id, site_id) REFERENCES site (provider_id, id)
) {strict};
CREATE INDEX contact_by_client ON contact (provider_id, client_id, folded, id);
{secure contact by client_id};

-- The name and the zone of a provider can be changed by whoever saw the last ones.
ALTER TABLE provider ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
