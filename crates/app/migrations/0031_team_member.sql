-- Whose teams somebody is in is asked by every list of tickets.
CREATE INDEX team_member_by_member ON team_member (provider_id, membership_id, team_id);
