//! Who owns it minute by minute through a week.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::ToSpan as _;
use remit_core::{At, Date, Edge, Id, Millis, Zone};
use remit_draw::{Chart, WeekGrid, WeekStrip};
use remit_matrix::Matrix;
use remit_matrix::ask::{self, Lane, Lanes, Unclear, Values};
use remit_matrix::model::Dimension;
use remit_web::Error;

use super::{Standing, Tabs, Tx, Version, frame};
use crate::Act;
use crate::clients::{self, Client, Summary};
use crate::matrix::in_force;
use crate::site::{Signed, Site, shell};

/// Widths of the drawing in CSS pixels: for a screen, and for a phone.
const WIDTHS: [f64; 2] = [1080.0, 358.0];
/// Stretches of a lane that are written out.
const STRETCHES: usize = 60;

/// What is drawn.
#[derive(Debug, serde::Deserialize)]
pub(super) struct Wanted {
    /// A service, or words for it; empty for all.
    #[serde(default)]
    service: String,
    /// A day of the week that is drawn; empty for this week.
    #[serde(default)]
    from: String,
    /// A support line.
    #[serde(default)]
    tier: String,
}

#[derive(Template)]
#[template(path = "matrix/week.html")]
struct WeekPage {
    tabs: Tabs,
    client: Summary,
    version: Option<Version>,
    wanted: Wanted,
    tiers: Vec<String>,
    monday: Date,
    week: String,
    drawn: Option<Drawn>,
    problem: Option<Unclear>,
    zone: Zone,
}

struct Drawn {
    title: String,
    wide: String,
    narrow: String,
    lanes: Vec<Lane>,
    notes: Vec<String>,
    holidays: Vec<String>,
    holes: usize,
    service: Option<String>,
}

impl WeekPage {
    /// The same picture in another week.
    fn other(&self, weeks: i64) -> String {
        let day = self.monday.saturating_add((7 * weeks).days());
        let text = |text: &str| ask_encoded(text);
        format!("?service={}&tier={}&from={day}", text(&self.wanted.service), text(&self.wanted.tier))
    }
}

/// A value in a link.
pub(super) fn ask_encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Id<Client>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let client = site.app.read(&signed.caller, move |tx, act| clients::find(tx, act, id)).await?;
    let (zone, now) = (client.wall_clock()?, site.app.now());
    let (monday, mut problem) = match monday(&wanted.from, zone.local(now).date()) {
        Ok(monday) => (monday, None),
        Err(unclear) => (ask::monday_of(zone.local(now).date()).map_err(Error::internal)?, Some(unclear)),
    };
    // The version that holds in the last minute of that week is drawn; if another held in the first, that is said.
    let end = zone.at(monday.saturating_add(7.days()).at(0, 0, 0, 0), Edge::Start);
    let start = zone.at(monday.at(0, 0, 0, 0), Edge::Start);
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| {
        let before = in_force(tx, act, id, start)?.map(|version| version.number);
        Ok((in_force(tx, act, id, end - Millis::from_minutes(1))?, before))
    };
    let (version, before) = site.app.read(&signed.caller, read).await?;
    let mut page = WeekPage {
        tabs: Tabs::new(&client, "/week"),
        tiers: Vec::new(),
        week: monday.strftime("%G-W%V").to_string(),
        drawn: None,
        problem: None,
        client,
        version,
        wanted,
        monday,
        zone,
    };
    if let Some(version) = &page.version {
        let shelf = site.app.shelf();
        let matrix = shelf.matrix(&version.text).await?;
        let lanes = shelf.week(&version.text, monday).await?;
        page.tiers = matrix.values_of(Dimension::Tier).to_vec();
        match lanes.and_then(|lanes| drawn(&matrix, &lanes, &page.wanted, (monday, now))) {
            Ok(mut drawn) => {
                drawn.notes.extend(takes_over(version, before, &page.zone));
                page.drawn = Some(drawn);
            }
            Err(unclear) => problem = problem.or(Some(unclear)),
        }
    }
    page.problem = problem;
    Ok(shell(frame(&signed, &page.client, "a week"), &page).answer(&headers))
}

/// Says that another version, or none, held when the week began.
fn takes_over(version: &Version, before: Option<i64>, zone: &Zone) -> Option<String> {
    let Standing::Published { from } = version.standing else { return None };
    if before == Some(version.number) {
        return None;
    }
    let until = before.map_or_else(|| "nothing was".to_owned(), |number| format!("version {number} was"));
    let from = crate::site::when(&from, zone);
    Some(format!(
        "version {} takes over {from}; before that {until} in force and is not drawn",
        version.number
    ))
}

fn monday(from: &str, today: Date) -> Result<Date, Unclear> {
    let day = match from.trim() {
        "" => today,
        text => text.parse().map_err(|_| {
            Unclear::new(format!("`{text}` is not a date")).hint("write one that exists, such as 2027-01-31")
        })?,
    };
    ask::monday_of(day)
}

fn drawn(
    matrix: &Matrix,
    lanes: &Lanes,
    wanted: &Wanted,
    (monday, now): (Date, At),
) -> Result<Drawn, Unclear> {
    let zone = &matrix.zone;
    let tier = Some(wanted.tier.as_str()).filter(|tier| !tier.is_empty());
    let values = Values::new(matrix, |dimension| tier.filter(|_| dimension == Dimension::Tier))?;
    let mut notes = lanes.clock_notes();
    let (title, service, lanes) = if wanted.service.trim().is_empty() {
        ("All services".to_owned(), None, lanes.of_all(&values)?)
    } else {
        let meant = ask::meant(&matrix.services, &wanted.service)?;
        notes.extend(meant.note);
        let id = meant.service.id.to_string();
        (meant.service.name.clone(), Some(id.clone()), lanes.of_service(&id, &values)?)
    };
    let now = ask::minute_of_week(now, monday, zone);
    let draw = |n: usize| {
        chart(&title, zone, &lanes, now).draw(["week", "week-narrow"][n], WIDTHS[n]).as_str().to_owned()
    };
    Ok(Drawn {
        wide: draw(0),
        narrow: draw(1),
        holidays: holidays(matrix, monday),
        holes: lanes.iter().filter(|lane| lane.has_hole()).count(),
        title,
        service,
        notes,
        lanes,
    })
}

fn chart(title: &str, zone: &Zone, lanes: &[Lane], now: Option<u16>) -> Box<dyn Chart> {
    if let [only] = lanes {
        let strip = WeekStrip::new(title, zone.name(), only.week());
        return Box::new(match now {
            Some(now) => strip.now(now),
            None => strip,
        });
    }
    let grid = WeekGrid::new(title, zone.name());
    let grid = lanes.iter().fold(grid, |grid, lane| grid.row(&lane.name, lane.week()));
    Box::new(match now {
        Some(now) => grid.now(now),
        None => grid,
    })
}

/// `Thu 2026-11-26: Thanksgiving Day (office)`.
fn holidays(matrix: &Matrix, monday: Date) -> Vec<String> {
    let (first, last) = (monday, monday.saturating_add(6.days()));
    let mut found: Vec<(Date, String)> = Vec::new();
    for named in &matrix.calendars {
        let around = ask::week_around(monday, &matrix.zone);
        let days = named.calendar.holidays_within(around).into_iter();
        let days = days.filter(|(day, _)| (first..=last).contains(day));
        found.extend(
            days.map(|(day, name)| (day, format!("{}: {name} ({})", day.strftime("%a %F"), named.id))),
        );
    }
    found.sort();
    found.into_iter().map(|(_, words)| words).collect()
}
