//! What a piece of work is routed by: the version that is in force, and what it says about this work at this instant.

use std::sync::Arc;

use remit_core::{At, Id, Millis};
use remit_db::{Tx, sql};
use remit_matrix::ask::Values;
use remit_matrix::draft::PartyKind as Kind;
use remit_matrix::model::{Dimension, TeamIx};
use remit_matrix::{Matrix, Taker};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Version;
use super::shelf::Teams;
use crate::App;
use crate::act::{Act, Caller};
use crate::clients::Client;
use crate::people::{PartyKind, TeamName, known_team};
use crate::refused::Refused;

/// Work that wants an owner. What is not said is `other`.
#[derive(Debug, Clone)]
pub(crate) struct Work {
    /// Of which client.
    pub client: Id<Client>,
    /// When.
    pub at: At,
    /// A service of the catalogue.
    pub service: String,
    /// Values of the other dimensions.
    pub values: Vec<(Dimension, String)>,
}

/// What a row promises.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", default)]
pub struct Targets {
    /// Time to the first answer, such as `30m`.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respond: Option<Millis>,
    /// Time to the solution.
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Millis>,
    /// The hours that count, by their name in the matrix; every minute when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
}

impl Targets {
    /// Whether nothing is promised.
    pub fn is_empty(&self) -> bool {
        self.respond.is_none() && self.resolve.is_none()
    }
}

/// What the version in force says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// The version.
    pub version: Id<Version>,
    /// Its number.
    pub number: i64,
    /// The row that decides; none where no single owner is named.
    pub row: Option<String>,
    /// What that row promises.
    pub targets: Targets,
    /// The team that takes it at this instant, and its party.
    pub owner: TeamName,
    /// The teams that are asked when that one does not take it, in order.
    pub fallback: Vec<TeamName>,
    /// Who is asked when none of them does.
    pub last_resort: TeamName,
    /// Whether the last resort takes it because nobody else that is named is on duty.
    pub takes_last_resort: bool,
    /// When it changes next: within a week by its hours, or by a version that is signed.
    pub until: Option<At>,
}

/// Asks the version that is in force; none where no version is.
pub(crate) async fn route(app: &App, caller: &Caller, work: &Work) -> Result<Option<Ruling>, Refused> {
    let (client, at) = (work.client, work.at);
    let read = move |tx: &mut Tx<'_, '_>, _: &Act| Ok((ruling(tx, client, at)?, next_from(tx, client, at)?));
    let (Some((version, number)), next) = app.read(caller, read).await? else { return Ok(None) };
    let text = app.shelf().text(version, || app.read(caller, move |tx, _| text(tx, version))).await?;
    let broken = |e: &dyn std::fmt::Debug| Refused::Db(remit_db::Error::Other(format!("{e:?}")));
    let matrix = app.shelf().matrix(&text).await.map_err(|e| broken(&e))?;
    let look = || {
        app.read(caller, {
            let matrix = Arc::clone(&matrix);
            move |tx, _| known(tx, client, &matrix)
        })
    };
    let here = app.shelf().teams(version, look).await?;
    let team = |team: TeamIx| TeamName {
        known: here.as_ref().map(|here| here[usize::from(team.0)]),
        ..named(&matrix, team)
    };
    let asker = app.shelf().asker(&text, at).await.map_err(|e| broken(&e))?.map_err(|e| broken(&e))?;
    let given = |dimension| {
        let said = work.values.iter().find(|(other, _)| *other == dimension);
        said.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    let values = Values::lenient(&matrix, given);
    let route = asker.route(&work.service, &values, at).map_err(|e| broken(&e))?;
    Ok(Some(match route {
        Some(route) => {
            let taken = route.taker.team();
            let teams = [route.row.responsible].into_iter().chain(route.row.fallback.iter().copied());
            Ruling {
                version,
                number,
                row: Some(route.row.id.clone()),
                targets: targets(&matrix, &route.row.promise),
                owner: team(taken),
                fallback: teams.filter(|team| *team != taken).map(team).collect(),
                last_resort: team(matrix.last_resort),
                takes_last_resort: matches!(route.taker, Taker::LastResort(_)),
                until: route.until.into_iter().chain(next).min(),
            }
        }
        // Beyond the time for which it was proved: nothing is ever without a holder.
        None => Ruling {
            version,
            number,
            row: None,
            targets: Targets::default(),
            owner: team(matrix.last_resort),
            fallback: Vec::new(),
            last_resort: team(matrix.last_resort),
            takes_last_resort: true,
            until: next,
        },
    }))
}

/// Whether a ruling is still that of the version in force: it was made before the unit of work.
pub(crate) fn still_rules(
    tx: &mut Tx<'_, '_>,
    (client, at): (Id<Client>, At),
    ruled: Option<&Ruling>,
) -> Result<bool, Refused> {
    Ok(ruling(tx, client, at)?.map(|(version, _)| version) == ruled.map(|ruling| ruling.version))
}

/// All teams that a matrix names.
pub(super) fn teams(matrix: &Matrix) -> impl Iterator<Item = TeamName> {
    (0..matrix.teams.len()).map(|n| named(matrix, TeamIx(n as u16)))
}

fn targets(matrix: &Matrix, promise: &remit_matrix::model::Promise) -> Targets {
    let clock = promise.clock.map(|clock| matrix.calendar(clock).id.clone());
    Targets { respond: promise.respond, resolve: promise.resolve, clock }
}

/// What all teams that a matrix names are here; none while one of them is not there yet.
fn known(tx: &mut Tx<'_, '_>, client: Id<Client>, matrix: &Matrix) -> Result<Option<Teams>, Refused> {
    let mut here = Vec::new();
    for name in teams(matrix) {
        let Some((party, Some(team))) = known_team(tx, client, &name)? else { return Ok(None) };
        here.push((party, team));
    }
    Ok(Some(here.into()))
}

fn named(matrix: &Matrix, team: TeamIx) -> TeamName {
    let team = matrix.team(team);
    let party = matrix.party(team.party);
    TeamName {
        kind: match party.kind {
            Kind::Provider => PartyKind::Provider,
            Kind::Internal => PartyKind::Internal,
            Kind::Vendor => PartyKind::Vendor,
        },
        party: (party.id.clone(), party.name.clone()),
        team: (team.id.clone(), team.name.clone()),
        zone: matrix.zone.name().to_owned(),
        known: None,
    }
}

/// Which version is in force. Whoever may open a ticket has it routed, though they may not read the matrix.
fn ruling(tx: &mut Tx<'_, '_>, client: Id<Client>, at: At) -> Result<Option<(Id<Version>, i64)>, Refused> {
    let find = sql!(
        "SELECT id, number FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         AND in_force_at <= $3 ORDER BY in_force_at DESC, number DESC LIMIT 1"
    );
    Ok(tx.find(find, (client, at))?)
}

/// When the next version is in force that both have signed already.
fn next_from(tx: &mut Tx<'_, '_>, client: Id<Client>, at: At) -> Result<Option<At>, Refused> {
    let find = sql!(
        "SELECT in_force_at FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND client_id = $2 \
         AND in_force_at > $3 ORDER BY in_force_at LIMIT 1"
    );
    Ok(tx.find::<(At,), _>(find, (client, at))?.map(|(at,)| at))
}

fn text(tx: &mut Tx<'_, '_>, version: Id<Version>) -> Result<Arc<str>, Refused> {
    let get =
        sql!("SELECT text FROM matrix_version WHERE provider_id = $1 AND {reach: client_id} AND id = $2");
    let (text,): (String,) = tx.find(get, (version,))?.ok_or(Refused::NotFound)?;
    Ok(text.into())
}
