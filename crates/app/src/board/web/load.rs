//! The load of the teams and of their people.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use remit_core::Id;
use remit_db::Tx;
use remit_draw::{Bars, Chart, Unit};
use remit_web::Error;
use remit_web::paging::Key;

use super::super::{COUNTED, Load, TeamBurden, load};
use super::frame;
use crate::act::Act;
use crate::export::{Cell, Form, List, file, heads};
use crate::people::{Membership, Permission, Team};
use crate::site::{After, Signed, Site, shell};
use crate::tickets::{PersonLoad, Pile};

/// Teams on a page.
const PAGE: usize = 10;
/// Teams that are read at once for a file.
const AT_ONCE: usize = 50;
/// Names the list where it goes on.
const LIST: &str = "load";
/// Widths of drawings in CSS pixels: for a screen, and for a phone.
const WIDTHS: [f64; 2] = [760.0, 320.0];

/// A figure and the list of the tickets that it stands for.
struct Figure {
    words: &'static str,
    shown: String,
    to: Option<String>,
}

fn shown(count: i64) -> String {
    super::counted(usize::try_from(count).unwrap_or_default(), COUNTED)
}

fn figure(words: &'static str, count: i64, pile: Pile) -> Figure {
    Figure { words, shown: shown(count), to: (count > 0).then(|| pile.address()) }
}

#[derive(Template)]
#[template(path = "board/load.html")]
struct LoadPage {
    teams: Vec<TeamBurden>,
    /// What each team holds, for a screen and for a phone.
    drawn: [String; 2],
    more: Option<String>,
}

impl LoadPage {
    /// What a team has to do, in the order of the table.
    fn of_team(burden: &TeamBurden) -> Vec<Figure> {
        let (team, figures): (Id<Team>, _) = (burden.seen.team.id, &burden.figures);
        vec![
            figure("Holds", figures.held, Pile::Held(team)),
            figure("Late", figures.late, Pile::Late(team)),
            figure("Due within the hour", figures.soon, Pile::Soon(team)),
            figure("Nobody yet", figures.nobody, Pile::Nobody(team)),
            figure("Paused", figures.paused, Pile::Paused(team)),
            figure("Offered to it", figures.offered, Pile::Offered(team)),
        ]
    }

    /// What somebody has to do, in the order of the table.
    fn of_person(person: &PersonLoad) -> Vec<Figure> {
        let id: Id<Membership> = person.id;
        vec![
            figure("Works on first", person.works, Pile::Works(id)),
            figure("Late", person.late, Pile::WorksLate(id)),
            figure("Helps with", person.helps, Pile::Helps(id)),
        ]
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    signed: Signed,
    Query(After { after, format }): Query<After>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    signed.caller.require(Permission::ReadLoad)?;
    if let Some(form) = Form::asked(format.as_deref())? {
        return as_file(&site, &signed, form).await;
    }
    let after: Option<(String,)> = after.map(|text| site.cursors.read(LIST, &text)).transpose()?;
    let after = after.and_then(|(id,)| Id::parse(&id).ok());
    let read = move |tx: &mut Tx<'_, '_>, act: &Act| load(tx, act, (after, PAGE));
    let Load { teams, next } = site.app.read(&signed.caller, read).await?;
    let more = next.map(|id| site.cursors.write(LIST, &[Key::Text(id.to_string())]));
    let bars = bars(&teams);
    let draw = |id: &str, width| bars.draw(id, width).as_str().to_owned();
    let drawn = [draw("held", WIDTHS[0]), draw("held-narrow", WIDTHS[1])];
    Ok(shell(frame(&signed, "Load"), &LoadPage { teams, drawn, more }).answer(&headers))
}

/// What each team holds.
#[expect(clippy::cast_precision_loss, reason = "a drawing does not show the difference")]
fn bars(teams: &[TeamBurden]) -> Bars {
    let bars = Bars::new("Held by each team", Unit::count("tickets").one("ticket"));
    teams.iter().fold(bars, |bars, burden| {
        let team = &burden.seen.team;
        // Teams of clients are often called alike.
        let name = if team.client.is_some() {
            format!("{}: {}", team.party_name, team.name)
        } else {
            team.name.clone()
        };
        bars.bar(&name, [(team.kind.hue(), burden.figures.held as f64)])
    })
}

const COLUMNS: &[&str] = &[
    "Party",
    "Team",
    "Person",
    "Holds",
    "Late",
    "Due within the hour",
    "Nobody yet",
    "Paused",
    "Offered to it",
    "Works on first",
    "Helps with",
];

/// All teams as a file: a row for each, and one for each of its people.
async fn as_file(site: &Site, signed: &Signed, form: Form) -> Result<Response, Error> {
    let list = List { name: "load".to_owned(), action: "load.export", columns: heads(COLUMNS) };
    let page = move |tx: &mut Tx<'_, '_>, act: &Act, behind: Option<Id<Team>>, _: u16| {
        let Load { teams, next } = load(tx, act, (behind, AT_ONCE))?;
        let row = |burden: &TeamBurden| {
            let people = burden.people.iter().map(|person| person_row(burden, person));
            std::iter::once(team_row(burden)).chain(people).collect::<Vec<_>>()
        };
        Ok((teams.iter().flat_map(row).collect(), next))
    };
    file((site, signed), form, list, page).await
}

/// A figure: what was counted to the limit says so.
fn cell(count: i64) -> Cell {
    if count >= i64::from(COUNTED) { shown(count).as_str().into() } else { Cell::Number(count) }
}

fn team_row(TeamBurden { seen, figures, .. }: &TeamBurden) -> Vec<Cell> {
    let mut cells = vec![seen.team.party_name.as_str().into(), seen.team.name.as_str().into(), Cell::Empty];
    let all = [figures.held, figures.late, figures.soon, figures.nobody, figures.paused, figures.offered];
    cells.extend(all.map(cell));
    cells.extend([Cell::Empty, Cell::Empty]);
    cells
}

fn person_row(TeamBurden { seen, .. }: &TeamBurden, person: &PersonLoad) -> Vec<Cell> {
    let mut cells = vec![
        seen.team.party_name.as_str().into(),
        seen.team.name.as_str().into(),
        person.name.as_str().into(),
    ];
    cells.extend([Cell::Empty, cell(person.late)]);
    cells.extend((0..4).map(|_| Cell::Empty));
    cells.extend([cell(person.works), cell(person.helps)]);
    cells
}
