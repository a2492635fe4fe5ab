//! What both IT teams, and each of their people, have to do.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;
use remit_core::Id;
use remit_db::Tx;
use remit_web::Error;
use remit_web::paging::Key;
use schemars::JsonSchema;
use serde::Serialize;

use super::gate::Who;
use super::operation::{Operation, Routes, Sample};
use super::wire::{Asked, Paging, id, maybe_id, sample_id};
use crate::act::Act;
use crate::board::{TeamBurden, load};
use crate::clients::Client;
use crate::people::{Membership, Party, PartyKind, Team};
use crate::site::Site;
use crate::tickets::PersonLoad;

const GROUP: &str = "Reports";
/// Names the list where it goes on.
const LIST: &str = "api: load";

pub(super) fn routes(routes: Routes) -> Routes {
    routes.on(
        Operation::get("/load", "listLoad", GROUP, "Show what each team and each of its people has to do")
            .about(
                "Teams of both IT teams within your reach, your own first. Each figure is of the tickets within your reach and is counted to 1000; \
                 `listTickets` lists what it stands for. Internal IT sees of the provider’s teams those that hold something of theirs or are asked to.",
            )
            .query::<Paging>()
            .page::<TeamLoadOut>("Teams."),
        list,
    )
}

/// What a team has to do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TeamLoad")]
pub(crate) struct TeamLoadOut {
    /// Which.
    #[schemars(schema_with = "id::<Team>")]
    pub team: Id<Team>,
    /// What it is called.
    pub name: String,
    /// Its party.
    #[schemars(schema_with = "id::<Party>")]
    pub party: Id<Party>,
    /// What that is called.
    pub party_name: String,
    /// What that is.
    pub kind: PartyKind,
    /// Of which client, for internal IT.
    #[schemars(schema_with = "maybe_id::<Client>")]
    pub client: Option<Id<Client>>,
    /// What it holds that is not closed.
    pub held: i64,
    /// What it holds that is late.
    pub late: i64,
    /// What it holds that is due within the hour.
    pub soon: i64,
    /// What it holds that nobody works on yet.
    pub nobody: i64,
    /// What it holds that waits.
    pub paused: i64,
    /// What it is asked to take.
    pub offered: i64,
    /// Its people who work on tickets, by name, at most 100; of another company those alone who have something within your reach.
    pub people: Vec<PersonLoadOut>,
}

/// What somebody has to do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "PersonLoad")]
pub(crate) struct PersonLoadOut {
    /// Who.
    #[schemars(schema_with = "id::<Membership>")]
    pub person: Id<Membership>,
    /// What they are called.
    pub name: String,
    /// What they work on first.
    pub works: i64,
    /// What of that is late.
    pub works_late: i64,
    /// What they help with.
    pub helps: i64,
}

impl From<PersonLoad> for PersonLoadOut {
    fn from(PersonLoad { id, name, works, late, helps }: PersonLoad) -> Self {
        Self { person: id, name, works, works_late: late, helps }
    }
}

impl From<TeamBurden> for TeamLoadOut {
    fn from(TeamBurden { seen, figures, people, .. }: TeamBurden) -> Self {
        let team = seen.team;
        Self {
            team: team.id,
            name: team.name,
            party: team.party,
            party_name: team.party_name,
            kind: team.kind,
            client: team.client,
            held: figures.held,
            late: figures.late,
            soon: figures.soon,
            nobody: figures.nobody,
            paused: figures.paused,
            offered: figures.offered,
            people: people.into_iter().map(PersonLoadOut::from).collect(),
        }
    }
}

impl Sample for TeamLoadOut {
    fn sample() -> Self {
        let person = PersonLoadOut {
            person: sample_id(),
            name: "Ana Reyes".to_owned(),
            works: 7,
            works_late: 1,
            helps: 2,
        };
        Self {
            team: sample_id(),
            name: "Service desk".to_owned(),
            party: sample_id(),
            party_name: "Northwind".to_owned(),
            kind: PartyKind::Provider,
            client: None,
            held: 23,
            late: 2,
            soon: 1,
            nobody: 4,
            paused: 5,
            offered: 2,
            people: vec![person],
        }
    }
}

async fn list(
    State(site): State<Site>,
    who: Who,
    Asked(paging): Asked<Paging>,
    uri: Uri,
) -> Result<Response, Error> {
    let most = usize::from(paging.most()?);
    let after: Option<(String,)> = paging.keys(&site, LIST)?;
    let after = after.and_then(|(id,)| Id::parse(&id).ok());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| load(tx, act, (after, most));
    let found = site.app.read(&who.caller, read).await?.teams;
    let keys = |burden: &TeamBurden| vec![Key::Text(burden.seen.team.id.to_string())];
    Ok(paging.page((&site, LIST, &uri), found, keys, TeamLoadOut::from))
}
