//! A provider with two teams, a client, and somebody who asks.

use std::sync::Arc;

use remit_app::audit::Key;
use remit_app::clients::{self, Client};
use remit_app::people::{self, Invitation, Member, PartyKind, Provider, Role, Team};
use remit_app::tickets::{Impact, Kind, NewTicket, Tier, Urgency, open};
use remit_app::{Act, App, Caller, MIGRATIONS, Refused};
use remit_core::Id;
use remit_db::testing::TestDb;
use remit_db::{Engine, Tx};
use remit_web::SystemRandom;

use crate::clock::SystemClock;

/// The key of the audit log; what it is does not matter here.
pub const KEY: [u8; 32] = [3; 32];

/// A database, and those who work on it.
pub struct World {
    /// Applications on it: one, or two as of two processes.
    pub apps: Vec<App>,
    /// The provider.
    pub provider: Id<Provider>,
    /// Its client.
    pub client: Id<Client>,
    /// Who asks for help.
    pub requester: Member,
    /// Those who work.
    pub technicians: Vec<Member>,
    /// The teams between which tickets go.
    pub teams: Vec<Id<Team>>,
    /// How many tickets were opened to make it.
    pub opened: u64,
    // Dropped last: applications use it.
    _home: TestDb,
}

impl World {
    /// Makes it.
    pub async fn make(engine: Engine) -> Result<Self, String> {
        let failed = |e: Refused| e.to_string();
        let home = TestDb::new(engine);
        let app =
            || App::new(home.open(MIGRATIONS), Arc::new(SystemClock), Arc::new(SystemRandom), Key::new(KEY));
        // A server has a file for itself; a database on a server is shared.
        let apps = if engine == Engine::Sqlite { vec![app()] } else { vec![app(), app()] };
        let (provider, _) = apps[0].found("Race IT", "UTC").await.map_err(failed)?;
        let by = Caller::operator(provider);
        let (client, requester, technicians) = apps[0].write(&by, people).await.map_err(failed)?;
        let mut world = Self {
            apps,
            provider,
            client,
            requester,
            technicians,
            teams: Vec::new(),
            opened: 1,
            _home: home,
        };
        // The first ticket founds the service desk.
        let first =
            open(&world.apps[0], &world.technician(0), world.ticket("the first")).await.map_err(failed)?;
        let (party, technicians) = (first.party, world.technicians.clone());
        let other = world.apps[0].write(&by, move |tx, act| {
            let other = people::found_team(tx, act, party, "Engineers", "UTC")?;
            for (team, who) in
                [first.team, other].iter().flat_map(|team| technicians.iter().map(move |who| (team, who)))
            {
                people::join_team(tx, act, *team, who.id)?;
            }
            Ok(vec![first.team, other])
        });
        world.teams = other.await.map_err(failed)?;
        Ok(world)
    }

    /// One of those who work.
    pub fn technician(&self, n: u64) -> Caller {
        Caller::member(self.provider, None, &self.technicians[n as usize % self.technicians.len()])
    }

    /// A ticket that is to be opened.
    pub fn ticket(&self, subject: &str) -> NewTicket {
        NewTicket {
            client: self.client,
            kind: Kind::Incident,
            subject: subject.to_owned(),
            text: String::new(),
            impact: Impact::Medium,
            urgency: Urgency::Medium,
            service: String::new(),
            tier: Tier::Unsaid,
            site: None,
            asset_class: String::new(),
            requester: Some(self.requester.id),
        }
    }
}

type People = (Id<Client>, Member, Vec<Member>);

fn people(tx: &mut Tx<'_, '_>, act: &Act) -> Result<People, Refused> {
    let client = clients::create(tx, act, "Race Client", "UTC")?;
    let parties = people::list_parties(tx, Some(client))?;
    let mut invite = |kind: PartyKind, role: Role, n: usize| {
        let party = parties.iter().find(|(_, own, _)| *own == kind).ok_or(Refused::NotFound)?.0;
        let (name, email) = (format!("{} {n}", role.name()), format!("{}-{n}@race.example", role.key()));
        let everywhere = kind == PartyKind::Provider;
        let id = people::invite(
            tx,
            act,
            &Invitation { party, role, name, email, everywhere, clients: Vec::new() },
        )?;
        people::member(tx, act, id)
    };
    let requester = invite(PartyKind::Internal, Role::Requester, 0)?;
    let technicians = (0..4).map(|n| invite(PartyKind::Provider, Role::Technician, n));
    let technicians = technicians.collect::<Result<_, _>>()?;
    Ok((client, requester, technicians))
}
