//! Which version was in force when, and who signed it.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::{At, Date, Edge, Id, Zone};
use remit_web::Error;

use super::{Standing, Tabs, Tx, Version, frame};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::{in_force, reigns, signed_history};
use crate::site::{Signed, Site, shell};

/// Versions on a page.
const PAGE: u16 = 20;

/// What is looked for.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    /// Versions before this number.
    before: Option<i64>,
    /// The version that was in force at the end of this day at the client.
    #[serde(default)]
    on: String,
}

#[derive(Template)]
#[template(path = "matrix/history.html")]
struct HistoryPage {
    tabs: Tabs,
    client: Summary,
    versions: Vec<Version>,
    reigns: Vec<(i64, At)>,
    more: Option<i64>,
    on: String,
    found: Option<Found>,
    now: At,
    zone: Zone,
}

/// What holds on a day.
enum Found {
    Version(Version),
    Nothing,
    NoDay,
}

impl HistoryPage {
    /// What the field can show again; what is no day is said in words.
    fn day(&self) -> &str {
        let text = self.on.trim();
        if text.len() == 10 && text.parse::<Date>().is_ok() { text } else { "" }
    }

    /// What the law of dates makes of a version: the latest beginning holds.
    fn law(&self, version: &Version) -> String {
        let Standing::Published { from } = version.standing else {
            return match version.standing {
                Standing::Withdrawn => "never in force".to_owned(),
                _ => format!("not in force: waits for {} signatures", 2 - version.signatures.len().min(2)),
            };
        };
        let place = self.reigns.iter().position(|(number, _)| *number == version.number);
        let next = place.and_then(|place| self.reigns.get(place + 1));
        let day = |at: &At| crate::site::when(at, &self.zone);
        match next {
            Some((number, at)) if *at <= from => {
                format!("never in force: version {number} begins at the same moment and is newer")
            }
            Some((number, at)) if *at <= self.now => {
                format!("was in force {} to {}, then version {number}", day(&from), day(at))
            }
            Some((number, at)) if from > self.now => {
                format!("will be in force {} to {}, then version {number}", day(&from), day(at))
            }
            Some((number, at)) => {
                format!("in force since {}; version {number} takes over {}", day(&from), day(at))
            }
            None if from > self.now => format!("takes over {}", day(&from)),
            None => format!("in force since {}", day(&from)),
        }
    }

    fn is_now(&self, version: &Version) -> bool {
        let now = self.reigns.iter().rev().find(|(_, from)| *from <= self.now);
        now.is_some_and(|(number, _)| *number == version.number)
    }

    /// The version in force before this one began, to compare with.
    fn former(&self, version: &Version) -> Option<i64> {
        let place = self.reigns.iter().position(|(number, _)| *number == version.number);
        match place {
            Some(place) => self.reigns[..place].last().map(|(number, _)| *number),
            None => self.reigns.iter().rev().find(|(_, from)| *from <= self.now).map(|(number, _)| *number),
        }
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let before = wanted.before;
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let client = clients::find(tx, act, id)?;
        Ok((client, signed_history(tx, act, id, before, PAGE + 1)?, reigns(tx, act, id)?))
    };
    let (client, mut versions, reigns) = site.app.read(&signed.caller, read).await?;
    let more = versions.len() > usize::from(PAGE);
    versions.truncate(usize::from(PAGE));
    let more = versions.last().filter(|_| more).map(|version| version.number);
    let zone = client.wall_clock()?;
    let found = match (wanted.on.trim(), wanted.on.trim().parse::<Date>()) {
        ("", _) => None,
        (_, Err(_)) => Some(Found::NoDay),
        (_, Ok(day)) => {
            let end = zone.at(day.at(23, 59, 59, 0), Edge::End);
            let read = move |tx: &mut Tx<'_, '_>, act: &Act| in_force(tx, act, id, end);
            let version = site.app.read(&signed.caller, read).await?;
            Some(version.map_or(Found::Nothing, Found::Version))
        }
    };
    let (tabs, now) = (Tabs::new(&client, "/history"), site.app.now());
    let on = wanted.on;
    let page = HistoryPage { tabs, client, versions, reigns, more, on, found, now, zone };
    Ok(shell(frame(&signed, &page.client, "history"), &page).answer(&headers))
}
