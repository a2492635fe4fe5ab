//! Who plays in it: the people of the demo, by the teams that its matrices name.

use std::collections::HashMap;

use remit_core::{At, Id, Millis, Zone};
use remit_db::Tx;

use super::super::Made;
use super::super::story::CLIENTS;
use super::{chosen, mixed};
use crate::act::{Act, Caller};
use crate::clients::{self, Client, Site};
use crate::people::{self, Member, Membership, PartyKind, Role, State, Team};
use crate::refused::Refused;
use crate::tickets::Tier;

/// Everybody.
pub struct Cast {
    /// The clients, as they stand in the story.
    pub places: Vec<Place>,
    crews: HashMap<Id<Team>, Crew>,
    people: HashMap<Id<Membership>, Caller>,
    manager: Caller,
    desk: Id<Team>,
    engineers: Id<Team>,
    security: Id<Team>,
    weights: u64,
}

/// A client.
pub struct Place {
    /// It.
    pub id: Id<Client>,
    /// Its name.
    pub name: &'static str,
    /// By how much its clock is ahead of UTC now.
    pub offset: Millis,
    /// Its sites.
    pub sites: Vec<(Id<Site>, String)>,
    /// The team of its internal IT, where it has one.
    pub internal: Option<Id<Team>>,
    requesters: Vec<Caller>,
    weight: u64,
}

/// A team.
struct Crew {
    kind: PartyKind,
    people: Vec<(Caller, Option<Vec<Id<Client>>>)>,
}

/// How much of the work each client of the story has.
const WEIGHTS: [u64; 12] = [3, 2, 5, 2, 10, 9, 7, 6, 4, 8, 6, 5];

impl Cast {
    /// Of a demo whose matrices are signed.
    pub fn of(tx: &mut Tx<'_, '_>, act: &Act, made: &Made, now: At) -> Result<Self, Refused> {
        let provider = made.demo.provider;
        let known = people::teams(tx, act)?;
        let everybody = made.people();
        let active = |member: &&Member| member.state == State::Active;
        let caller = |member: &Member| Caller::member(provider, None, member);
        let mut crews = HashMap::new();
        for team in &known {
            let mut members = people::team_members(tx, act, team.id)?;
            if members.is_empty() {
                // A team that the matrix names and that has nobody of its own: whoever of its party works on tickets.
                let works = |member: &&Member| {
                    member.party == team.party && matches!(member.role, Role::ClientIt | Role::VendorContact)
                };
                members = everybody.iter().filter(works).cloned().collect();
            }
            let reach = |member: &Member| {
                made.limited.iter().find(|(one, _)| one.id == member.id).map(|(_, clients)| clients.clone())
            };
            let people =
                members.iter().filter(active).map(|member| (caller(member), reach(member))).collect();
            crews.insert(team.id, Crew { kind: team.kind, people });
        }
        let of_provider = |name: &str| {
            let found = known.iter().find(|team| team.kind == PartyKind::Provider && team.name == name);
            found.map(|team| team.id).ok_or(Refused::NotFound)
        };
        let mut places = Vec::new();
        for (n, client) in made.clients.iter().enumerate() {
            let sites =
                clients::sites(tx, act, client.id)?.into_iter().map(|site| (site.id, site.name)).collect();
            let internal = known.iter().find(|team| team.client == Some(client.id) && team.size > 0);
            let asks = |member: &&Member| matches!(member.role, Role::Requester | Role::ClientLeadership);
            let zone = Zone::parse(CLIENTS[n].zone).map_err(|e| Refused::Conflict(e.to_string()))?;
            places.push(Place {
                id: client.id,
                name: CLIENTS[n].name,
                offset: zone.offset_at(now),
                sites,
                internal: internal.map(|team| team.id),
                requesters: client.people.iter().filter(active).filter(asks).map(caller).collect(),
                weight: WEIGHTS[n % WEIGHTS.len()],
            });
        }
        Ok(Self {
            weights: places.iter().map(|place| place.weight).sum(),
            places,
            crews,
            people: everybody.iter().map(|member| (member.id, caller(member))).collect(),
            manager: caller(&made.manager),
            desk: of_provider("Service desk")?,
            engineers: of_provider("Engineers for servers, network and cloud")?,
            security: of_provider("Security and compliance")?,
        })
    }

    /// At which client the incident of a number happens.
    pub fn place(&self, incident: u32) -> usize {
        let mut left = mixed(u64::from(incident), 11) % self.weights.max(1);
        for (n, place) in self.places.iter().enumerate() {
            if left < place.weight {
                return n;
            }
            left -= place.weight;
        }
        0
    }

    /// Who asks for help with it.
    pub fn requester(&self, place: usize, by: u64) -> &Caller {
        chosen(&self.places[place].requesters, by).unwrap_or(&self.manager)
    }

    /// Who writes down what is said on the phone.
    pub fn desk(&self, place: usize, by: u64) -> &Caller {
        self.worker(self.places[place].internal.unwrap_or(self.desk), place, by)
    }

    /// Somebody of a team who reaches a client. Teams without people are spoken for by the service manager.
    pub fn worker(&self, team: Id<Team>, place: usize, by: u64) -> &Caller {
        let client = self.places[place].id;
        let reaches =
            |reach: &Option<Vec<Id<Client>>>| reach.as_ref().is_none_or(|listed| listed.contains(&client));
        let people: Vec<&Caller> = self.crews.get(&team).map_or_else(Vec::new, |crew| {
            crew.people.iter().filter(|(_, reach)| reaches(reach)).map(|(caller, _)| caller).collect()
        });
        chosen(&people, by).copied().unwrap_or(&self.manager)
    }

    /// Somebody by their membership.
    pub fn person(&self, id: Id<Membership>) -> Option<&Caller> {
        self.people.get(&id)
    }

    /// Whether a team is the provider's.
    pub fn is_provider(&self, team: Id<Team>) -> bool {
        self.crews.get(&team).is_some_and(|crew| crew.kind == PartyKind::Provider)
    }

    /// For which of the provider's teams a group of the log stands. Its groups are numbers; by how often tickets begin with one, a group
    /// is of a line (`data/uci_incident/mapping.toml`). The first line is the service desk. The second is the engineers. Of the
    /// third, which is called least often, every third group is the specialists for security, and the others are engineers too. A group
    /// always stands for the same team. Where the matrix leaves a line to another party, none of this counts: its one team has the ticket,
    /// and a group that takes over from another is another person.
    pub fn crew(&self, tier: Tier, group: u32) -> Id<Team> {
        match tier {
            Tier::Unsaid | Tier::L1 => self.desk,
            Tier::L3 if group.is_multiple_of(3) => self.security,
            Tier::L2 | Tier::L3 => self.engineers,
        }
    }
}
