-- What stands in a status with a team, by what is due first: a stretch of it is a column of the board.
CREATE INDEX ticket_by_status ON ticket (provider_id, team_id, status, due_at, id) WHERE closed_at IS NULL;
-- What a team holds and nobody works on yet.
CREATE INDEX ticket_by_nobody ON ticket (provider_id, team_id, due_at, id)
    WHERE closed_at IS NULL AND solved_at IS NULL AND worker_id IS NULL;
-- What a team holds of one client, for whoever reaches that one alone: the others of the team are not looked at.
CREATE INDEX ticket_by_client_team ON ticket (provider_id, client_id, team_id, due_at, id, priority) WHERE closed_at IS NULL;
